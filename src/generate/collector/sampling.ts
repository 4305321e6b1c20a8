import type { LogSampling } from '../../contract/model.ts';
import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { isNotFailing } from './marks.ts';
import { attribute, type Group, set } from './ottl.ts';

/** The share is decided by 24 bits of a hash. */
const range = 2 ** 24;

/** Nothing failed, no flag, answered at the first try, not slow: what may be thinned out. */
function healthy(sampling: LogSampling): string {
  const attempts = attribute(fields.attempts.name);
  const slow = sampling.keepSlowerThanMs;
  return [
    isNotFailing,
    `(${attempts} == "1" or ${attempts} == "0" or ${attempts} == nil or ${attempts} == "-")`,
    ...(slow === undefined ? [] : [`Double(${attribute(fields.duration.name)}) <= ${slow.toFixed(1)}`]),
  ].join(' and ');
}

/** Conditions under which a record is dropped before it is stored; none when all are kept. Metrics are made before, so they stay exact. */
export function dropConditions(sampling: LogSampling): readonly string[] {
  if (sampling.healthyPercent >= 100) return [];
  if (sampling.healthyPercent <= 0) return [healthy(sampling)];
  // The request's id and its start: the same in every replica and after a retry, and not the client's to choose.
  const identity = `Concat([${attribute(fields.requestId.name)}, String(log.time_unix_nano)], "")`;
  const kept = Math.round((sampling.healthyPercent / 100) * range);
  return [`${healthy(sampling)} and ParseInt(Substring(SHA256(${identity}), 0, 6), 16) >= ${kept}`];
}

/** How many requests a kept healthy record stands for; a record without the attribute stands for itself. */
export function weightGroup(sampling: LogSampling): Group {
  if (sampling.healthyPercent >= 100 || sampling.healthyWeight === undefined) return { statements: [] };
  return { statements: [set(attribute(derived.weight), number(sampling.healthyWeight), healthy(sampling))] };
}

/** OTTL tells integers from floats by the point, and one attribute must have one type. */
const number = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
