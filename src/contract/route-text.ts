/** What tells a route (`<namespace>/<name>`) in Envoy's name of it, as kgateway writes it: `...-route-0-httproute-<name>-<namespace>-0-0-matcher-0`. */
export function routeText(id: string): string {
  const [namespace = '', name = ''] = id.split('/');
  return `-httproute-${name}-${namespace}-`;
}
