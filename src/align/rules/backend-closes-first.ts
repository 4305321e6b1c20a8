import { kubernetesDuration } from '../../contract/kubernetes-duration.ts';
import type { BackendHop } from '../hops.ts';
import { below, spelled, told } from '../limit.ts';
import type { Change, Finding, Rule } from '../rule.ts';

/**
 * Envoy sends on this hop, so Envoy must close idle connections first. Envoy's own default is an hour, most servers' a few seconds.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/faq/configuration/timeouts; https://github.com/envoyproxy/envoy/issues/14981
 */
export const backendClosesFirst: Rule = {
  code: 'backend-closes-first',
  title: 'The backend closes idle connections before Envoy does',
  shows:
    'Envoy sends a request on a connection that is just being closed: 503 UC within milliseconds, now and then, on quiet routes most. A retry hides it where one is allowed.',
  causes: ['upstream-keepalive-race', 'rescued-by-retry'],
  find: ({ backends }) =>
    backends.flatMap((b): Finding[] =>
      b.keepAlive === undefined || b.idle.ms < b.keepAlive.ms
        ? []
        : [
            {
              rule: 'backend-closes-first',
              severity: 'misaligned',
              where: `Service ${b.id}`,
              says: `Envoy keeps an idle connection ${told(b.idle)}, the server ${told(b.keepAlive)}`,
              change: changeOf(b, b.keepAlive.ms),
            },
          ],
    ),
};

function changeOf(b: BackendHop, keepAliveMs: number): Change {
  const idle = kubernetesDuration(below(keepAliveMs));
  const name = b.policy ?? b.name;
  const target = b.policy ? '' : `\n  targetRefs:\n  - group: ""\n    kind: Service\n    name: ${scalar(b.name)}`;
  const longer = b.setting ? `, or to more once the server waits longer: ${b.setting}` : '';
  return {
    do: `${b.policy ? `In BackendConfigPolicy ${b.namespace}/${b.policy} set` : 'Set'} commonHttpProtocolOptions.idleTimeout to ${spelled(below(keepAliveMs))}${longer}.`,
    yaml: `apiVersion: gateway.kgateway.dev/v1alpha1
kind: BackendConfigPolicy
metadata:
  name: ${scalar(name)}
  namespace: ${scalar(b.namespace)}
spec:${target}
  commonHttpProtocolOptions:
    idleTimeout: "${idle}"
`,
  };
}

/** Names are Kubernetes' own; what a manifest has instead (a template, `on`) is quoted. */
const scalar = (name: string): string =>
  /^[a-z][-a-z0-9]{5,}$/.test(name) || /^[a-z]+-[-a-z0-9]+$/.test(name) ? name : JSON.stringify(name);
