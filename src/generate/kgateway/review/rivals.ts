import type { Finding } from './finding.ts';
import { type Policy, reaches, spelled, type World } from './world.ts';

const told = ['accessLog', 'tracing'] as const;

/** Policies of others that undo a generated one: settings merge field by field, so of two `accessLog` lists one is lost whole. */
export function* rivals(world: World): Generator<Finding> {
  for (const ours of world.policies.filter((p) => p.generated))
    for (const { gateway } of ours.targets)
      for (const other of world.policies.filter((p) => !p.generated)) {
        const reach = reaches(other, ours.object.namespace, gateway, world);
        if (reach === undefined) continue;
        for (const field of told)
          if (ours.settings[field] !== undefined) yield* clash(ours, other, { gateway, reach, field });
      }
}

interface Meeting {
  readonly gateway: string;
  readonly reach: 'whole' | 'listener';
  readonly field: (typeof told)[number];
}

function* clash(ours: Policy, other: Policy, { gateway, reach, field }: Meeting): Generator<Finding> {
  const where = spelled(other.object);
  const whose = `${spelled(ours.object)} on Gateway ${gateway}`;
  if (other.settings[field] !== undefined)
    yield {
      breaks: false,
      where,
      message: `sets ${field} as ${whose} does: they do not add up, ${reach === 'listener' ? 'on its listener this one wins' : 'the older policy wins whole'}`,
      hint: `take ${field} out of it, and put what it adds into the contract (${field}, extraFields, file)`,
    };
  for (const { port, settings } of other.perPort)
    if (settings[field] === undefined)
      yield {
        breaks: false,
        where,
        message: `has perPort ${port} without ${field}: perPort inherits nothing, so ${field} of ${whose} does not hold there`,
        hint: `repeat ${field} in perPort ${port}, or move what differs out of perPort`,
      };
    else
      yield {
        breaks: false,
        where,
        message: `sets ${field} for port ${port}: there it replaces that of ${whose}`,
        hint: `repeat the generated ${field} in perPort ${port}, or take it out`,
      };
}
