import type { BoardLabel, LogCondition } from '../../boards/board.ts';
import { fields } from '../../envoy/fields.ts';
import { derived } from '../../signals/labels.ts';
import type { At } from './at.ts';
import { type Clicked, value } from './clicked.ts';
import { encoded } from './encode.ts';

const codes = { '5xx': '[500 TO 599]', '4xx': '[400 TO 499]', '503': '503', '0': '0' } as const;

const paths: Readonly<Partial<Record<BoardLabel, string>>> = {
  gateway: 'service',
  cluster: 'kube_cluster_name',
  backend: `@${fields.cluster.name}`,
  route: `@${fields.route.name}`,
  status: `@${fields.status.name}`,
  side: `@${derived.side}`,
};

/** Sites with a subdomain have the application as it is, the others behind `app.`. */
const app = ({ context }: At): string => {
  const site = context.environment.datadog?.site ?? 'datadoghq.com';
  return `https://${site.split('.').length > 2 ? site : `app.${site}`}`;
};

const clickedOn = (clicked: Clicked, labels: readonly BoardLabel[]): readonly string[] =>
  clicked.by.flatMap((label) => {
    const path = labels.includes(label) ? paths[label] : undefined;
    return path === undefined ? [] : [`${path}:"${value(label, clicked)}"`];
  });

/** Datadog's log search, with what was clicked. Grafana's "all" is no wildcard there, so variables are left out. */
export function datadogLogs({ status, side, flag, failed }: LogCondition, clicked: Clicked, at: At): string {
  const terms = [
    `env:${at.context.environment.name}`,
    ...(status === undefined ? [] : [`@${fields.status.name}:${codes[status]}`]),
    ...(side ? [`@${derived.side}:(${side.join(' OR ')})`] : []),
    ...(flag ? [`@${fields.flags.name}:(${flag.map((f) => `"${f}"`).join(' OR ')})`] : []),
    ...(failed && !side ? [`@${derived.side}:*`] : []),
    ...clickedOn(clicked, Object.keys(paths) as BoardLabel[]),
  ];
  return `${app(at)}/logs?query=${encoded(terms.join(' '))}&from_ts=\${__from}&to_ts=\${__to}&live=false`;
}

export function datadogTraces(clicked: Clicked, at: At): string {
  const terms = [`env:${at.context.environment.name}`, ...clickedOn(clicked, ['gateway'])];
  return `${app(at)}/apm/traces?query=${encoded(terms.join(' '))}&start=\${__from}&end=\${__to}&paused=true`;
}
