import { gauge, increase, quantile, rate } from '../../src/boards/query/expression.ts';

/**
 * Not run: `tsc` is the test. Each line below a remark must not compile, and `tsc` fails when one does. What compiles is beside it, so that a
 * line is not refused for another reason.
 */
export const queries = [
  rate('requests', { by: ['route', 'side', 'custom:team'], where: [{ label: 'status', is: ['503'] }] }),
  // @ts-expect-error a series that there is not
  rate('request'),
  // @ts-expect-error requests have a status, not its class
  rate('requests', { by: ['statusClass'] }),
  // @ts-expect-error a typing error
  rate('requests', { by: ['backendd'] }),
  // @ts-expect-error a label of another series, in a filter
  rate('requests', { where: [{ label: 'exporter', is: ['loki'] }] }),
  // @ts-expect-error a regular expression
  rate('requests', { where: [{ label: 'route', matches: '.*' }] }),

  quantile('duration', 0.99, { by: ['statusClass', 'route'] }),
  // @ts-expect-error durations have no flag
  quantile('duration', 0.99, { by: ['flag'] }),

  increase('flags', { by: ['flag', 'flagName', 'backend'] }),
  // @ts-expect-error flags are not by route
  increase('flags', { by: ['route'] }),

  gauge('healthyMembers', 'min', { by: ['gateway', 'backend'] }),
  // @ts-expect-error Envoy's statistics carry no label of the contract
  gauge('healthyMembers', 'min', { by: ['custom:team'] }),
  // @ts-expect-error nor routes
  gauge('healthyMembers', 'min', { by: ['route'] }),
  // @ts-expect-error a gauge has no window
  gauge('live', 'sum', { window: 'view' }),

  rate('replacements', { by: ['gatewayName', 'errorType'] }),
  // @ts-expect-error the control plane's own label, by its id
  rate('replacements', { by: ['error_type'] }),
];
