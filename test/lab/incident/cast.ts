import type { Random } from './random.ts';

const minute = 60_000;

/** The gateway itself was rolled out in the small hours; its pods have other names since. */
export const gatewayRollout = 4.5 * 60 * minute;

const before = ['edge-6f7c9d5b8-9hjvt', 'edge-6f7c9d5b8-m5wlc', 'edge-6f7c9d5b8-x2k4q'] as const;
const after = ['edge-7b9d4f6c8-4tq8z', 'edge-7b9d4f6c8-kd2np', 'edge-7b9d4f6c8-v7c5r'] as const;

/** The three gateway pods at a time of the day; each is replaced two minutes after the one before. */
export function gatewayPod(index: number, at: number): string {
  const pods = at < gatewayRollout + index * 2 * minute ? before : after;
  return pods[index % pods.length] ?? pods[0];
}

/** The load balancer's nodes, one in each zone: the physical peers of every connection. */
export const balancers = ['10.20.1.17', '10.20.2.80', '10.20.3.143'] as const;

const address = (n: number): string => (n < 200 ? `198.51.100.${1 + n}` : `203.0.113.${1 + (n - 200)}`);

/** A client's address, from the ranges that are kept for documentation; a few clients make most of the requests. */
export const clientAddress = (random: Random): string => address(Math.floor(random.next() ** 2.5 * 400));

export const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'ShopApp/7.4.1 (Android 16)',
  'ShopApp/7.4.2 (iOS 26.1)',
] as const;
export const scanners = [
  'Mozilla/5.0 zgrab/0.x',
  'python-requests/2.32.5',
  'curl/8.14.1',
  'Go-http-client/1.1',
] as const;
export const grpcAgents = ['grpc-java-netty/1.76.0', 'grpc-go/1.77.0'] as const;
export const healthAgent = 'ELB-HealthChecker/2.0';
export const probedPaths = [
  ...[
    '/.env',
    '/.git/config',
    '/wp-login.php',
    '/phpmyadmin/',
    '/actuator/env',
    '/server-status',
    '/vendor/phpunit/eval-stdin.php',
  ],
  ...['/admin/', '/cgi-bin/luci', '/solr/admin/info', '/boaform/admin', '/config.json'],
] as const;
