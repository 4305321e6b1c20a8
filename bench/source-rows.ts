import { aggregationOf } from '../src/logs/remote/from-question.ts';
import { layoutOf } from '../src/logs/remote/layout.ts';
import { RowTally } from '../src/logs/remote/row-tally.ts';
import type { Row } from '../src/logs/remote/rows.ts';

/** Grouped rows as a store answers with them, of different routes, hosts and minutes, added up one after the other. */
export class Rows {
  readonly #tally: RowTally;
  readonly #edges: readonly number[];
  readonly #routes: number;
  #added = 0;

  constructor(routes = 50_000) {
    this.#routes = routes;
    const layout = layoutOf([
      'http_response_status_code',
      'envoy_response_flags',
      'envoy_route_name',
      'envoy_upstream_host',
      'envoy_duration_ms',
    ]);
    const window = { from: 0, to: 180 * 60_000 };
    const aggregation = aggregationOf({ ...window, where: [] }, window, 60_000, layout);
    this.#edges = aggregation.distribution;
    this.#tally = new RowTally(aggregation, layout, { storedBuckets: false });
  }

  /** Adds rows until there were so many; gives the requests they stood for. */
  addUpTo(rows: number): number {
    for (; this.#added < rows; this.#added++) this.#tally.add(row(this.#added, this.#routes, this.#edges));
    return this.#tally.requests;
  }

  /** How many signatures are left of them. */
  get signatures(): number {
    return this.#tally.signatures().length;
  }
}

const row = (i: number, routes: number, distribution: readonly number[]): Row => ({
  plain: false,
  keys: {
    route: `route-${i % routes}`,
    status: '503',
    flags: 'UF',
    host: `10.0.${i % 251}.${i % 241}:80`,
    duration: String(i % 40),
  },
  time: (i % 180) * 60_000,
  records: 1,
  requests: 1,
  weighted: 0,
  first: i,
  last: i,
  durationMin: i % 1000,
  durationMax: i % 1000,
  ageMin: undefined,
  ageMax: undefined,
  timed: 1,
  atLeast: distribution.map(() => 0),
});

// node bench/source-rows.ts ROWS [ROUTES]
if (process.argv[1]?.endsWith('source-rows.ts')) {
  const [count, routes] = process.argv.slice(2).map(Number);
  const rows = new Rows(routes);
  const requests = rows.addUpTo(count ?? 0);
  process.stdout.write(`${requests} requests in ${rows.signatures} signatures\n`);
}
