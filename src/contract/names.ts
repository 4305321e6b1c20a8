/** Every name the contract gives out, also those whose definition is faulty: a mistake in one place must not be told again in ten. */
export interface Names {
  readonly environments: readonly string[];
  readonly clusters: readonly string[];
  readonly gateways: readonly GatewayName[];
  readonly labels: readonly string[];
  /** `<namespace>/<name>` */
  readonly routes: readonly string[];
  readonly notifications: readonly string[];
}

export interface GatewayName {
  readonly name: string;
  /** `<name>.<namespace>` */
  readonly id: string;
}

export function namesIn(raw: unknown): Names {
  const top = record(raw);
  const keys = (key: string) => Object.keys(record(top[key]));
  const items = (key: string) => (Array.isArray(top[key]) ? top[key].map(record) : []);
  return {
    environments: keys('environments'),
    clusters: keys('clusters'),
    gateways: items('gateways').map((g) => gatewayName(String(g['name']), String(g['namespace'] ?? 'kgateway-system'))),
    labels: keys('labels'),
    routes: items('routes').map((r) => `${r['namespace']}/${r['name']}`),
    notifications: keys('notifications'),
  };
}

export function gatewayName(name: string, namespace: string): GatewayName {
  return { name, id: `${name}.${namespace}` };
}

/** The ids a reference may mean: one when it is right, several when a bare name is used twice, none when nothing is called so. */
export function gatewaysMeant(ref: string, gateways: readonly GatewayName[]): readonly string[] {
  return [...new Set(gateways.filter((g) => g.id === ref || g.name === ref).map((g) => g.id))];
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
