import type { Label } from '../../contract/model.ts';
import { type Group, groups, isMatch, replace, set, text } from './ottl.ts';

const span = (name: string): string => `span.attributes[${text(name)}]`;

/** Envoy's URLs carry their query, which may carry anything; labels on spans are held to their bound as on metrics. */
export function traceGroups(labels: readonly Label[]): readonly Group[] {
  const bounded = labels.filter((l) => l.on.traces && l.bound.kind === 'values' && l.from.kind === 'header');
  return groups(
    {
      statements: ['http.url', 'url.full', 'http.target'].map((n) =>
        replace(span(n), '\\?.*$', '', `${span(n)} != nil`),
      ),
    },
    {
      statements: bounded.flatMap((l) =>
        l.bound.kind === 'values'
          ? [
              set(
                span(l.name),
                text(l.other),
                `${span(l.name)} != nil`,
                `${span(l.name)} != ${text(l.absent)}`,
                `not ${isMatch(span(l.name), alternatives(l.bound.values))}`,
              ),
            ]
          : [],
      ),
    },
  );
}

const alternatives = (values: readonly string[]): string =>
  `^(?:${values.map((v) => v.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
