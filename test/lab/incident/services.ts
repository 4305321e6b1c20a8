import type { Random } from './random.ts';

/** A service of the shop behind the gateway. */
export interface Service {
  readonly route: string;
  readonly cluster: string;
  readonly port: number;
  readonly authority: string;
  /** Requests in a day. */
  readonly daily: number;
  /** Pools of healthy lines, repeated by weight. */
  readonly ordinary: readonly string[];
  /** Behind the external authorization. */
  readonly auth: boolean;
  /** How long its backends keep an idle connection. */
  readonly keepAliveMs: number;
  /** Second octet pair of its pods' addresses; the third octet stands for the zone. */
  readonly net: number;
  paths(random: Random): string;
}

const numbered = (prefix: string, random: Random, below = 4000): string => `${prefix}${1000 + random.int(below)}`;
const shop = 'shop.example.com';
const api = 'api.example.com';
const service = (
  route: string,
  port: number,
  net: number,
  rest: Omit<Service, 'route' | 'cluster' | 'port' | 'net' | 'keepAliveMs'> & { readonly keepAliveMs?: number },
): Service => ({
  keepAliveMs: 600_000,
  ...{ route, port, net },
  cluster: `kube_${route.replace('/', '_')}_${port}`,
  ...rest,
});

/** Two thousand keys of uploaded pictures would say nothing more than forty. */
const picture = (random: Random): string =>
  `/images/p${100 + random.int(40)}-${random.pick(['small', 'large', 'zoom'])}.webp`;

export const services = {
  web: service('shop/web', 3000, 11, {
    ...{ authority: shop, daily: 15_000, auth: false, ordinary: ['get-fast', 'get-fast', 'get-medium'] },
    paths: (r) => r.pick(['/', '/', '/sale', '/about', '/cookies', numbered('/products/', r, 300)]),
  }),
  images: service('media/images', 8080, 12, {
    ...{ authority: 'img.example.com', daily: 12_000, auth: false, ordinary: ['get-fast', 'get-fast', 'not-modified'] },
    paths: picture,
  }),
  products: service('catalog/products', 8080, 13, {
    ...{ authority: api, daily: 10_500, auth: false, ordinary: ['get-fast', 'get-medium'] },
    paths: (r) => numbered('/api/products/', r, 300),
  }),
  search: service('catalog/search', 9200, 14, {
    ...{ authority: api, daily: 9500, auth: false, ordinary: ['get-medium', 'get-medium', 'get-slow'] },
    paths: (r) => r.pick(['/search', '/search', '/search/suggest', '/search/facets']),
  }),
  cart: service('shop/cart', 8080, 15, {
    ...{ authority: shop, daily: 6000, auth: true, ordinary: ['get-fast', 'get-medium'], keepAliveMs: 2000 },
    paths: (r) => numbered('/cart/', r, 900),
  }),
  checkout: service('shop/checkout', 8080, 16, {
    ...{ authority: shop, daily: 3500, auth: true, ordinary: ['post', 'post', 'get-medium'], keepAliveMs: 2000 },
    paths: (r) => r.pick(['/checkout/pay', '/checkout/address', '/checkout/confirm']),
  }),
  orders: service('orders/api', 8080, 17, {
    ...{ authority: api, daily: 4200, auth: true, ordinary: ['get-medium', 'get-medium', 'post'] },
    // A link from an e-mail: the token is a part of the path, where dropping the query does not reach it.
    paths: (r) => (r.chance(0.04) ? `/orders/track/tok_${r.hex(24)}` : numbered('/api/orders/', r)),
  }),
  profile: service('accounts/profile', 8080, 18, {
    ...{ authority: api, daily: 3000, auth: true, ordinary: ['get-fast', 'get-medium', 'not-modified'] },
    paths: (r) => r.pick(['/api/profile', numbered('/api/users/', r, 800), `/api/users/user${r.int(60)}@example.org`]),
  }),
  login: service('accounts/login', 8080, 19, {
    ...{
      authority: 'login.example.com',
      daily: 2500,
      auth: false,
      ordinary: ['post', 'get-medium', 'backend-redirect'],
    },
    paths: (r) =>
      r.chance(0.05) ? `/password-reset/${r.hex(32)}` : r.pick(['/login', '/login', '/logout', '/refresh']),
  }),
  reports: service('reports/export', 8080, 20, {
    ...{ authority: api, daily: 900, auth: true, ordinary: ['get-slow'] },
    paths: (r) => r.pick(['/reports/sales.csv', '/reports/stock.csv', '/reports/returns.csv']),
  }),
  inventory: service('inventory/stock', 50_051, 21, {
    ...{ authority: 'grpc.example.com', daily: 2800, auth: false, ordinary: ['healthy-grpc'] },
    paths: (r) => r.pick(['/inventory.v1.Stock/Get', '/inventory.v1.Stock/Get', '/inventory.v1.Stock/Reserve']),
  }),
  recommender: service('catalog/recommender', 50_051, 22, {
    ...{ authority: 'grpc.example.com', daily: 2500, auth: false, ordinary: ['healthy-grpc'] },
    paths: (r) => r.pick(['/reco.v1.Recommender/ForUser', '/reco.v1.Recommender/ForProduct']),
  }),
} as const satisfies Record<string, Service>;

/** What the load balancer's health checks are routed to. */
export const healthService: Service = service('gateway-system/health', 8080, 10, {
  ...{ authority: '10.20.1.17:8080', daily: 0, auth: false, ordinary: ['health-check'] },
  paths: () => '/healthz',
});
