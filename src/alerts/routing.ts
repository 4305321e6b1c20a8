import type { Notification, Severity } from '../contract/model.ts';

/** Who takes an alert: those of the environment that take its severity, and of an objective that names some only those. */
export function takers(
  notifications: readonly Notification[],
  environment: string,
  severity: Severity,
  named: readonly string[] = [],
): readonly Notification[] {
  return notifications.filter(
    (n) =>
      n.environments.includes(environment) &&
      n.severities.includes(severity) &&
      (named.length === 0 || named.includes(n.name)),
  );
}

type Labels = Readonly<Record<string, string>>;

/**
 * The labels by which Alertmanager routes: those of all takers together. Two that want different values of one label can't share an alert, so it is
 * told once for each set; one empty set where nobody wants any.
 */
export function labelSets(all: readonly Notification[]): readonly Labels[] {
  const sets: Labels[] = [];
  for (const { alertLabels } of all) {
    if (Object.keys(alertLabels).length === 0) continue;
    const fits = sets.findIndex((set) => Object.entries(alertLabels).every(([k, v]) => (set[k] ?? v) === v));
    if (fits < 0) sets.push(alertLabels);
    else sets[fits] = { ...sets[fits], ...alertLabels };
  }
  return sets.length === 0 ? [{}] : sets;
}
