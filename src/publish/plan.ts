import type { Json } from './json.ts';

/** What there is a generated document of. */
export type DocumentKind = 'slo' | 'monitor' | 'dashboard';
/** `metric`: Datadog's settings of one; it can hold no mark of ours. */
export type ObjectKind = 'folder' | 'metric' | DocumentKind;

/**
 * How a live object stands to the contract.
 * `missing`: not there. `outdated`: what an earlier contract said, and nobody else saved it since. `edited`: somebody else did.
 * `unclear`: it differs, and who changed it can't be told. `foreign`: it has our name and not our mark. `left over`: ours, and no longer asked for.
 * `blocked`: it can't be written through the API: provisioned, or of a kind that this vigia does not write. `waiting`: what it is about is not there yet.
 */
export type State =
  | 'same'
  | 'missing'
  | 'outdated'
  | 'edited'
  | 'unclear'
  | 'foreign'
  | 'left over'
  | 'blocked'
  | 'waiting';

/** One difference in words: where, what, and the values; undefined: not there. */
export interface Change {
  /** `panel 'Requests' (id 2)`; empty for the object itself. */
  readonly where: string;
  readonly what: string;
  readonly live: Json | undefined;
  readonly contract: Json | undefined;
  /** Who made the two part: an edit of the live object, a change of the contract, both, or not known. */
  readonly from: 'edit' | 'contract' | 'both' | 'unknown';
}

export interface Item {
  readonly kind: ObjectKind;
  /** Grafana's uid, or the id in vigia's own mark. */
  readonly id: string;
  readonly title: string;
  readonly state: State;
  readonly changes: readonly Change[];
  /** Why it is blocked, foreign, unclear. */
  readonly reason: string | undefined;
  /** Who saved it last and when, where the service tells. */
  readonly by: string | undefined;
  readonly at: string | undefined;
}

/** What one live service has to become, read at one time. */
export interface Plan {
  readonly service: 'grafana' | 'datadog';
  /** Environments of the contract that it holds; several may share one. */
  readonly environments: readonly string[];
  /** Its address, without credentials. */
  readonly where: string;
  /** In the order in which they are written: what others point at comes first. */
  readonly items: readonly Item[];
}

/** A live service: reads its plan, and makes one item as the contract has it. */
export interface Service {
  readonly name: Plan['service'];
  readonly where: string;
  plan(): Promise<Plan>;
  /** Creates, overwrites or (left over) deletes it, then reads it again; throws when it is not what was written. Repeating is harmless. */
  write(item: Item): Promise<void>;
}

export function item(part: Pick<Item, 'kind' | 'id' | 'title' | 'state'> & Partial<Item>): Item {
  return { changes: [], reason: undefined, by: undefined, at: undefined, ...part };
}

/** Drift is all that is not the same; also what can't be mended from here. What waits for data is nobody's doing. */
export function drifted(plans: readonly Plan[]): readonly Item[] {
  return plans.flatMap((p) => p.items).filter((i) => i.state !== 'same' && i.state !== 'waiting');
}
