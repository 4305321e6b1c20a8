import type { Cause } from '../cause.ts';
import { answers, leftovers } from './answers.ts';
import { client } from './client.ts';
import { connect } from './connect.ts';
import { filters } from './filters.ts';
import { limits } from './limits.ts';
import { routing } from './routing.ts';
import { termination } from './termination.ts';
import { upstream } from './upstream.ts';

/** Every cause, in the order they are asked; the first that matches has it. Details speak before flags, flags before the status. */
export const causes: readonly Cause[] = [
  ...termination,
  ...connect,
  ...limits,
  ...routing,
  ...filters,
  ...upstream,
  ...client,
  ...answers,
  ...leftovers,
];

const byCode = new Map(causes.map((c) => [c.code, c]));

export const causeOf = (code: string): Cause | undefined => byCode.get(code);

/** A cause's page, relative to the project. */
export const pageOf = (code: string): string => `docs/causes/${code}.md`;
