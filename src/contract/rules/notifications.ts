import type { Finding } from '../problem.ts';
import type { Contract } from '../schema/index.ts';

/** What alerts and their instances are labelled with already; routing by another value of it would never match. */
const taken = [
  'alertname',
  'severity',
  'environment',
  'cluster',
  'gateway',
  'backend',
  'objective',
  'window',
  'blame',
  'instance',
  'job',
];

/** Whoever is told can be told where the alert comes from. */
export function* notifications(contract: Contract): Generator<Finding> {
  const inDatadog = Object.entries(contract.environments).flatMap(([name, e]) =>
    e.metrics.to === 'datadog' ? [name] : [],
  );
  for (const [name, n] of Object.entries(contract.notifications)) {
    const named = n.environments?.filter((e) => inDatadog.includes(e)) ?? [];
    const [environment] = named;
    if (environment !== undefined && n.datadog.length === 0)
      yield {
        path: ['notifications', name, 'environments'],
        message: `names ${environment}, whose metrics are in Datadog, and has no Datadog handle`,
        against: ['environments', environment, 'metrics', 'to'],
        lacks: [['notifications', name, 'datadog']],
        hint: 'datadog: ["@slack-..."], or leave the environment out',
      };
    for (const [label, value] of Object.entries(n.alertLabels)) {
      const path = ['notifications', name, 'alertLabels', label];
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(label))
        yield { path, onKey: true, message: 'is no name of a Prometheus label', hint: 'letters, digits and _' };
      else if (taken.includes(label)) yield { path, onKey: true, message: 'is a label that alerts have already' };
      if (value.includes('{{'))
        yield {
          path,
          message: 'holds {{, which Prometheus would read as a template: labels of alerts must not change',
        };
    }
  }
  for (const [i, o] of contract.objectives.entries())
    for (const [j, name] of o.notify.entries()) {
      const n = contract.notifications[name];
      if (!n || n.datadog.length > 0 || n.environments !== undefined) continue;
      const [environment] = inDatadog.filter((e) => o.environments?.includes(e) ?? true);
      if (environment === undefined) continue;
      yield {
        path: ['objectives', i, 'notify', j],
        message: `${name} has no Datadog handle, and the objective holds in ${environment}, whose metrics are there`,
        against: ['notifications', name],
        hint: `datadog: ["@slack-..."] under notifications.${name}`,
      };
    }
}
