import { afterEach, beforeEach, expect, test } from 'vitest';
import { generate, generatorIds } from '../../src/generate/index.ts';
import { modelOf } from '../generate/model.ts';
import { DatadogEmulator, keys } from './emulators/datadog.ts';
import { Place } from './place.ts';

let datadog: DatadogEmulator;
let place: Place;
const env = () => ({ DD_API_KEY: keys.api, DD_APP_KEY: keys.app, DD_HOST: datadog.url, DD_SITE: 'ddog-gov.com' });

beforeEach(async () => {
  datadog = await new DatadogEmulator().start();
  place = new Place();
  place.contract(contract(alerts));
});
afterEach(async () => {
  place.end();
  await datadog.stop();
});

const contract = (objectives: boolean): string => `version: 1
kgateway: { version: "2.3" }
environments:
  prod:
    metrics: { to: datadog }
    logs: { to: datadog }
    datadog: { site: datadoghq.eu, apiKey: { secret: datadog, key: api-key } }
clusters: { prod: { environment: prod } }
gateways: [{ name: edge }]
${objectives ? 'objectives: [{ name: available, kind: availability, target: 99.5 }]' : ''}
`;
/** Boards show an objective by the id that its generated SLO gets; while none is generated, there is none to show. */
const alerts = generate(modelOf(contract(true)), generatorIds).some((a) => a.path.startsWith('alerts/datadog/'));

test('what is generated is applied, and a second diff has no drift', async () => {
  const first = await place.run(['apply', '--yes'], { env: env() });
  expect(first, first.err).toMatchObject({ code: 0 });
  const writes = datadog.writes().length;
  const second = await place.run(['diff'], { env: env() });
  expect(second, second.out).toMatchObject({ code: 0 });
  expect(await place.run(['apply', '--yes'], { env: env() })).toMatchObject({ code: 0, err: 'vigia: nothing to do\n' });
  expect(datadog.writes().length).toBe(writes);
}, 180_000);

test('both keys that are missing are named at once; wrong ones are told with what to look at', async () => {
  const none = await place.run(['diff']);
  expect(none.code).toBe(3);
  expect(none.err).toMatch(
    /^vigia: not set: DD_API_KEY \(an API key of the account\), DD_APP_KEY \(an application key with dashboards_read/,
  );
  const wrong = await place.run(['diff'], { env: { ...env(), DD_APP_KEY: 'nope' } });
  expect(wrong.err).toMatch(
    /datadoghq\.eu: listing objectives: 403 the keys may not: Forbidden\n {7}either DD_APP_KEY lacks a permission .*, or the keys are of another site/,
  );
  expect(wrong.err).not.toContain('nope');
  expect((await place.run(['diff'], { env: { ...env(), DD_HOST: 'api.datadoghq.eu' } })).err).toContain(
    'DD_HOST api.datadoghq.eu: not an address such as https://api.datadoghq.eu',
  );
});
