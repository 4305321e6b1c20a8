import { copyScript } from './copy.ts';
import { foldScript } from './fold.ts';
import { latencyScript } from './latency.ts';
import { paletteScript } from './palette.ts';
import { timelineScript } from './timeline.ts';

/** The page's own script, after uPlot's: plain JavaScript as text, since it runs in the reader's browser. Each part starts by itself. */
export const script = [
  "'use strict';",
  "const data = JSON.parse(document.getElementById('data').textContent);",
  'const byId = (id) => document.getElementById(id);',
  "const count = (n) => n.toLocaleString('en-US');",
  paletteScript,
  timelineScript,
  latencyScript,
  foldScript,
  copyScript,
].join('\n');
