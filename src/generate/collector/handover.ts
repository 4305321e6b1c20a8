import type { Cluster } from '../../contract/model.ts';
import { type FieldId, fields } from '../../envoy/fields.ts';
import { labels, sourceOf } from '../../signals/labels.ts';
import { attribute, resource, text } from './ottl.ts';

const of = (id: FieldId): string => attribute(fields[id].name);

const [received, sent] = [of('requestDuration'), of('requestTxDuration')];
const [status, attempts] = [of('status'), of('attempts')];
const gateway = resource(sourceOf(labels.gateway));

/** How long the gateway had the whole request and had not passed it on whole, ms (signals.handover). */
export const handoverMs = `Double(${sent}) - Double(${received})`;

/**
 * The requests of which that can be told: answered below 500, at the first try, received and passed on whole in this order. Values are still
 * Envoy's strings here, so three digits compare as text, and digits come after the dash that stands for none. Gateways of which nothing is
 * promised come first, since each of their routes would have its series.
 */
export function hasHandover({ gateways, handoverGateways: asked }: Cluster): string {
  const whose = asked.map((id) => `${gateway} == ${text(id)}`).join(' or ');
  return [
    ...(gateways.every(({ id }) => asked.includes(id)) ? [] : [`(${whose})`]),
    `${attempts} == "1"`,
    `${status} >= "200"`,
    `${status} < "500"`,
    `${sent} > "-"`,
    `${received} > "-"`,
    `Double(${sent}) >= Double(${received})`,
  ].join(' and ');
}
