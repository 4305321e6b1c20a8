import type { Difference } from '../compare.ts';
import type { Change } from '../plan.ts';

/** A difference as a person knows the place: `widget timeseries 'Requests' in group 'Traffic'`, `query a`. */
export function inWords({ path, live, wanted }: Difference, from: Change['from']): Change {
  const values = { live, contract: wanted, from };
  const groups: string[] = [];
  let rest = path;
  while (rest[0] === 'widgets' && rest[1] !== undefined && rest[1] !== 'order') {
    groups.unshift(rest[1]);
    rest = rest[2] === 'definition' ? rest.slice(3) : rest.slice(2);
  }
  if (groups.length > 0)
    return {
      where: groups.map((name, i) => (i === 0 ? `widget ${name}` : `in ${name}`)).join(' '),
      what: readable(rest),
      ...values,
    };
  const [top, name, ...inside] = path;
  if (top === 'template_variables' && name !== undefined && name !== 'order')
    return { where: `variable '${name}'`, what: readable(inside), ...values };
  if (top === 'tags') return { where: '', what: 'tag', ...values };
  return { where: '', what: readable(path), ...values };
}

function readable(path: readonly string[]): string {
  return path.join('.').replaceAll('.[', '[');
}
