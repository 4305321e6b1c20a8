import type { Names } from '../names.ts';
import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** What must hold between the parts of a contract whose shape is right. */
export type Rule = (contract: Contract, names: Names) => Iterable<Finding>;
