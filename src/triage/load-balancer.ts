import type { AlbRecord } from '../logs/alb/line.ts';
import type { AlbFailure } from './alb-failure.ts';
import { albMeanings } from './alb-meanings.ts';
import type { Step } from './cause.ts';
import type { Named } from './group.ts';
import type { Side } from './side.ts';

/** Failures at the load balancer that are alike: what they mean, and whether the gateway saw them. */
export interface AlbFinding {
  readonly code: string;
  readonly title: string;
  readonly side: Side;
  /** `high` only where the join proves that the gateway saw it, or did not. */
  readonly confidence: 'high' | 'medium' | 'low';
  readonly status: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly evidence: readonly string[];
  readonly next: readonly Step[];
  /** The ten most frequent. */
  readonly targets: readonly Named[];
  readonly paths: readonly Named[];
}

export interface LoadBalancerReport {
  readonly files: readonly string[];
  readonly lines: number;
  readonly rejects: number;
  /** Requests of its log in the window. */
  readonly requests: number;
  /** Of those, that failed for the client. */
  readonly failures: number;
  /** Of the failures, those that the gateway answered so: they are among the verdicts. */
  readonly passedOn: number;
  readonly joinedBy: 'trace id' | 'time, client and path' | undefined;
  readonly notes: readonly string[];
  readonly findings: readonly AlbFinding[];
}

/** Whether the client got something other than an answer of the gateway that is no error. */
export function albFailed({ status, targetStatus, target }: AlbRecord): boolean {
  return (
    status === 0 ||
    status >= 500 ||
    [460, 463, 464].includes(status) ||
    (status >= 400 && (target === undefined || targetStatus === undefined))
  );
}

/** The gateway's own answer, handed on. */
export const passedOn = ({ status, targetStatus }: AlbRecord): boolean =>
  targetStatus !== undefined && targetStatus === status;

/** Groups what the load balancer answered by itself by what it means. */
export function albFindings(failures: readonly AlbFailure[]): readonly AlbFinding[] {
  const groups = new Map<string, AlbFailure[]>();
  for (const failure of failures) {
    const key = `${codeOf(failure)} ${failure.record.status}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()].map((group) => finding(group)).sort((a, b) => b.count - a.count || a.status - b.status);
}

const codeOf = (f: AlbFailure): string => meaningOf(f).code;
const meaningOf = (f: AlbFailure) =>
  albMeanings.find((m) => m.when(f)) ?? {
    code: 'load-balancer-other',
    side: 'unknown' as const,
    title: 'The load balancer answered so by itself',
    next: [],
  };

function finding(group: readonly AlbFailure[]): AlbFinding {
  const [one] = group as [AlbFailure, ...AlbFailure[]];
  const { code, side, title, next } = meaningOf(one);
  const times = group.map((f) => f.record.time);
  const joined = group.filter((f) => f.line !== 'unknown').length;
  const missing = group.filter((f) => f.line === 'none').length;
  const [shortest, longest] = range(group.flatMap((f) => f.record.targetSeconds ?? []));
  const reasons = named(group.map((f) => f.record.errorReason));
  return {
    code,
    title,
    side,
    confidence: joined === group.length ? 'high' : joined > 0 ? 'medium' : 'low',
    status: one.record.status,
    count: group.length,
    first: Math.min(...times),
    last: Math.max(...times),
    evidence: [
      `the client got ${one.record.status || 'nothing'}, the gateway answered ${named(
        group.map((f) => String(f.record.targetStatus ?? 'nothing')),
      )
        .map((n) => n.name)
        .join(', ')}`,
      joined === 0
        ? 'its requests could not be looked up in the gateway’s log'
        : missing === group.length
          ? 'the gateway’s log has none of them'
          : missing === 0
            ? `the gateway’s log has them: ${gatewayWords(group)}`
            : `the gateway’s log has ${joined - missing} of ${joined}`,
      ...(longest === undefined
        ? []
        : [`the load balancer waited ${seconds(shortest)}${shortest === longest ? '' : ` to ${seconds(longest)}`}`]),
      ...(reasons.length > 0 ? [`error reason ${reasons.map((r) => r.name).join(', ')}`] : []),
    ],
    next,
    targets: named(group.map((f) => f.record.target)),
    paths: named(group.map((f) => (f.record.path === undefined ? undefined : `${f.record.method} ${f.record.path}`))),
  };
}

function gatewayWords(group: readonly AlbFailure[]): string {
  return named(
    group.map(({ line }) =>
      typeof line === 'string'
        ? undefined
        : `${line.status ?? '-'} ${line.flags.length > 0 ? line.flags.join(',') : '-'}`,
    ),
  )
    .slice(0, 3)
    .map((n) => `${n.name} (${n.count})`)
    .join(', ');
}

function named(values: readonly (string | undefined)[]): readonly Named[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, 10);
}

const range = (values: readonly number[]): readonly [number | undefined, number | undefined] =>
  values.length === 0 ? [undefined, undefined] : [Math.min(...values), Math.max(...values)];

const seconds = (s: number | undefined): string => `${s === undefined ? '?' : s < 10 ? s.toFixed(1) : Math.round(s)} s`;
