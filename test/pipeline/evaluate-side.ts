export { evaluateSide, type Sent } from '../../src/signals/evaluate-side.ts';
