import { components } from './components.ts';
import { layout } from './layout.ts';
import { print } from './print.ts';
import { theme } from './theme.ts';

/** The report's own style, after uPlot's. */
export const style = [theme, layout, components, print].join('\n');
