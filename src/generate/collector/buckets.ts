import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import { signatureParts } from '../../signals/signature.ts';
import { isFailing } from './marks.ts';
import { attribute, cache, type Group, isMatch, replace, set } from './ottl.ts';

/**
 * Lower edges of the duration and age buckets in whole milliseconds: those of src/logs/buckets.ts, which a generator may not import; a test
 * holds the two together. Envoy logs whole milliseconds, so an edge between two of them is the next one.
 */
const coarse = [0, 1, 5, 10, 50, 100, 250, 500];
const timeouts = [
  1e3, 2e3, 3e3, 5e3, 10e3, 15e3, 20e3, 30e3, 45e3, 60e3, 90e3, 120e3, 180e3, 300e3, 350e3, 600e3, 900e3, 1800e3,
  3600e3,
];
export const durationEdges: readonly number[] = [...coarse, ...timeouts.flatMap((t) => [t * 0.975, t * 1.05])].map(
  Math.ceil,
);
export const ageEdges: readonly number[] = [
  0, 50, 250, 950, 1900, 4500, 9500, 18_000, 28_000, 55_000, 70_000, 110_000, 340_000, 590_000, 3_500_000,
];

/**
 * Normalised details, buckets and how far a failing request got; others are counted by route and status. Most failures are fast, so the long
 * edges have a group of their own.
 */
export function bucketGroups(): readonly Group[] {
  const duration = attribute(derived.durationBucket);
  const slow = 975;
  return [
    {
      conditions: [isFailing],
      statements: [
        ...edges(
          duration,
          fields.duration.name,
          durationEdges.filter((e) => e <= slow),
        ),
        ...hopStatements(),
        set(attribute(derived.details), attribute(fields.details.name), logged(fields.details.name)),
      ],
    },
    {
      conditions: [`${isFailing} and ${logged(fields.connectionAge.name)}`],
      statements: edges(attribute(derived.ageBucket), fields.connectionAge.name, ageEdges),
    },
    // A plain name needs no spelling, nor does a reset's reason, which has braces.
    {
      conditions: [
        `${isFailing} and ${attribute(derived.details)} != nil and ${isMatch(attribute(derived.details), '[^a-z_.{}]')}`,
      ],
      statements: detailStatements(),
    },
    {
      conditions: [`${isFailing} and ${duration} == ${slow}`],
      statements: edges(
        duration,
        fields.duration.name,
        durationEdges.filter((e) => e > slow),
      ),
    },
  ];
}

/** The field is there and set. */
const logged = (field: string): string => `${attribute(field)} != nil and ${attribute(field)} != "-"`;

/** The greatest edge at or below the value; none when the value is not known. Found in the cache, which is short, and written once. */
function edges(to: string, field: string, list: readonly number[]): readonly string[] {
  const [value, edge] = [cache('value'), cache('edge')];
  return [
    set(value, `Double(${attribute(field)})`, `${attribute(field)} > "-"`),
    ...list.map((e) => set(edge, String(e), `${value} >= ${e.toFixed(1)}`)),
    set(to, edge, `${edge} != nil`),
  ];
}

/** What src/envoy/details-text.ts does: no addresses, no ids, no blanks, at most 200 characters. */
function detailStatements(): readonly string[] {
  const text = attribute(derived.details);
  return [
    replace(text, '\\s+', '_'),
    replace(text, '\\{HTTP/1_premature_upstream_half_close\\}', '{http1_premature_upstream_half_close}'),
    replace(text, '\\|?remote_address:[^|}]*', ''),
    replace(text, '\\[[0-9a-fA-F:]{2,}\\]:\\d+', '<address>'),
    replace(text, '(^|[^\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?\\b', '$1<address>'),
    replace(text, '(?i)\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b|\\b[0-9a-f]{24,}\\b', '<id>'),
    set(text, `Concat([Substring(${text}, 0, 199), "…"], "")`, `Len(${text}) > 200`),
  ];
}

/** How far it got: no cluster, a cluster, a host, a connection. */
function hopStatements(): readonly string[] {
  const hop = attribute(derived.hop);
  return [
    set(hop, '"none"'),
    set(hop, '"cluster"', logged(fields.cluster.name)),
    // Digits, brackets and letters come after the dash that stands for none; a field that is not logged is not above it either.
    set(hop, '"host"', `${attribute(fields.upstreamHost.name)} > "-"`),
    set(hop, '"connection"', `${attribute(fields.localAddress.name)} > "-"`),
  ];
}

/** One key of all parts of a failing record, so that a store groups by few keys and stays inside its limits. */
export function signatureStatements(): readonly string[] {
  const parts = signatureParts.map((name) => attribute(name));
  const unset = [derived.details, derived.durationBucket, derived.ageBucket].map((name) => attribute(name));
  const signature = attribute(derived.signature);
  return [
    set(signature, `Concat([${parts.join(', ')}], " ")`),
    ...(unset.length > 0 ? [replace(signature, '<nil>', '-')] : []),
  ];
}
