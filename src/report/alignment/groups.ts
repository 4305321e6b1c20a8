import type { Alignment } from '../../align/align.ts';
import type { Finding, Rule } from '../../align/rule.ts';
import { rules } from '../../align/rules/index.ts';
import { plural } from '../../triage/words.ts';

/** As many of one rule are told in words; five hundred backends have the same thing wrong. */
export const shown = 8;

/** The findings of one rule, all of one severity. */
export interface Found {
  readonly rule: Rule;
  readonly severity: Finding['severity'];
  readonly findings: readonly Finding[];
}

/** What makes requests fail first. */
export const groupsOf = ({ findings }: Alignment): readonly Found[] =>
  (['misaligned', 'note'] as const).flatMap((severity) =>
    rules
      .map((rule) => ({
        rule,
        severity,
        findings: findings.filter((f) => f.rule === rule.code && f.severity === severity),
      }))
      .filter((g) => g.findings.length > 0),
  );

/** `2 misaligned, 1 note` and what was looked at. */
export function summary({ findings, hops }: Alignment): string {
  const misaligned = findings.filter((f) => f.severity === 'misaligned').length;
  const notes = findings.length - misaligned;
  const gateways = new Set(hops.gateways.map((g) => g.id)).size;
  const looked = `looked at ${plural(gateways, 'gateway')}, ${plural(hops.routes.length, 'route rule')}, ${plural(hops.backends.length, 'backend')}`;
  const said = misaligned === 0 ? 'Nothing misaligned' : `${misaligned} misaligned`;
  return `${said}${notes > 0 ? `, ${plural(notes, 'note')}` : ''}; ${looked}`;
}

/** `a, b and 12 more` */
export function someOf(names: readonly string[]): string {
  const more = names.length - shown;
  return more <= 0 ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${more} more`;
}

/** Nothing was given that could be misaligned. */
export const nothingToLookAt = ({ hops }: Alignment): boolean => hops.routes.length + hops.backends.length === 0;

export const howToLook =
  "No routes and backends to look at: name them in vigia.yaml (routes, backends), or give the cluster's with --manifests or --from-cluster.";
