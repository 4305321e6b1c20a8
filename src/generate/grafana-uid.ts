import type { Environment, Model } from '../contract/model.ts';
import { sha256 } from './drift.ts';

/** What Grafana allows. */
const longest = 40;

/**
 * A board's uid, for whoever makes or links it: `vigia-overview`. Where one Grafana serves several environments, or nobody says which serves
 * them, their boards are told apart: `vigia-overview-staging`.
 */
export function boardUid(board: string, { name, grafana }: Environment, { environments, clusters }: Model): string {
  const shown = environments.filter(
    (e) => e.metrics.to === 'prometheus' && clusters.some((c) => c.environment.name === e.name),
  );
  const shared = shown.filter((e) => e.grafana?.url === grafana?.url).length > 1;
  const uid = shared ? `vigia-${board}-${name}` : `vigia-${board}`;
  return uid.length <= longest ? uid : `${uid.slice(0, longest - 7)}-${sha256(name).slice(0, 6)}`;
}
