import { redactPath } from '../logs/redact.ts';
import type { AlbFinding, LoadBalancerReport } from '../triage/load-balancer.ts';
import { count, plural } from '../triage/words.ts';
import { span } from './when.ts';

/** The load balancer's log in a sentence, and what is to be known of the reading. */
export function loadBalancerWords(r: LoadBalancerReport): readonly string[] {
  const own = r.failures - r.passedOn;
  return [
    r.failures === 0
      ? `none of ${plural(r.requests, 'request')} failed there`
      : `${plural(r.failures, 'failure')} among ${plural(r.requests, 'request')}: ${count(r.passedOn)} answered so by the gateway (among the verdicts), ${count(own)} by the load balancer itself`,
    ...(r.joinedBy ? [`looked up in the gateway's log by ${r.joinedBy}`] : []),
    ...r.notes,
  ];
}

/** When, where and why, in short lines. */
export function findingWords(f: AlbFinding, redact: boolean): readonly string[] {
  const names = (list: AlbFinding['paths'], path: boolean) =>
    list
      .slice(0, 3)
      .map((n) => `${path && redact ? redactPath(n.name) : n.name} (${count(n.count)})`)
      .join(', ');
  return [
    `${span(f.first, f.last, true)} UTC`,
    ...f.evidence,
    ...(f.paths.length > 0 ? [`asked for ${names(f.paths, true)}`] : []),
    ...(f.targets.length > 0 ? [`sent to ${names(f.targets, false)}`] : []),
  ];
}
