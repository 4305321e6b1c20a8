/** A rule file's parts, as Prometheus reads them (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/). */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** A text of the contract inside a template: what would open an action is printed instead. */
export const plain = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/** `{value}` and `{label:id}` in Prometheus' template language; everything else is text. */
export function template(text: string, value: string, label: (id: string) => string): string {
  return plain(text)
    .replaceAll('{value}', `{{ $value | ${value} }}`)
    .replace(/\{label:([\w:.]+)\}/g, (_, id: string) => `{{ $labels.${label(id)} }}`);
}
