import type { Patience } from './patience.ts';
import type { Item, ObjectKind, Plan, Service, State } from './plan.ts';
import { Stopped, Trouble, Unreachable } from './trouble.ts';

export interface Consent {
  /** Also what somebody else saved, and what has our name without our mark. */
  readonly overwrite: boolean;
  /** Also delete what is ours and no longer asked for. */
  readonly prune: boolean;
}

export interface Step {
  readonly service: Service;
  readonly item: Item;
}

/** What is written unasked, by how it stands. */
const free: ReadonlySet<State> = new Set<State>(['missing', 'outdated']);
const withConsent: ReadonlySet<State> = new Set<State>(['edited', 'unclear', 'foreign']);
/** What others point at is made first and deleted last. */
const order: readonly ObjectKind[] = ['folder', 'metric', 'slo', 'monitor', 'dashboard'];

/** Whether `apply` writes an item. */
export function agreed(item: Item, consent: Consent): boolean {
  if (free.has(item.state)) return true;
  return withConsent.has(item.state) ? consent.overwrite : item.state === 'left over' && consent.prune;
}

/** Everything to be done, in the order in which it can be done: writes, then deletions the other way round. */
export function steps(plans: readonly (readonly [Service, Plan])[], consent: Consent): readonly Step[] {
  const all = plans.flatMap(([service, plan]) =>
    plan.items.filter((i) => agreed(i, consent)).map((item) => ({ service, item })),
  );
  const rank = ({ item }: Step) => order.indexOf(item.kind);
  const [writes, deletions] = [
    all.filter((s) => s.item.state !== 'left over'),
    all.filter((s) => s.item.state === 'left over'),
  ];
  return [...writes.sort((a, b) => rank(a) - rank(b)), ...deletions.sort((a, b) => rank(b) - rank(a))];
}

export interface Outcome {
  readonly done: readonly Step[];
  readonly failed: readonly (Step & { readonly trouble: Trouble })[];
  /** Not begun: the user stopped, or the service can't be spoken to. */
  readonly left: readonly Step[];
  readonly stopped: boolean;
}

/**
 * Does the steps one after the other and tells of each. What fails alone does not keep the rest from being done; a stop is heeded between two objects,
 * so none is half-written.
 */
export async function carryOut(
  todo: readonly Step[],
  { stop }: Pick<Patience, 'stop'>,
  tell: (step: Step, trouble: Trouble | undefined) => void,
): Promise<Outcome> {
  const done: Step[] = [];
  const failed: (Step & { trouble: Trouble })[] = [];
  const left: Step[] = [];
  const unreachable = new Set<Service>();
  for (const [i, step] of todo.entries()) {
    if (stop.asked) return { done, failed, left: [...left, ...todo.slice(i)], stopped: true };
    if (unreachable.has(step.service)) {
      left.push(step);
      continue;
    }
    try {
      await step.service.write(step.item);
      done.push(step);
      tell(step, undefined);
    } catch (error) {
      if (error instanceof Stopped) return { done, failed, left: [...left, ...todo.slice(i)], stopped: true };
      if (!(error instanceof Trouble)) throw error;
      if (error instanceof Unreachable) unreachable.add(step.service);
      failed.push({ ...step, trouble: error });
      tell(step, error);
    }
  }
  return { done, failed, left, stopped: false };
}
