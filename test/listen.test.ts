import { request } from 'node:http';
import { expect, test } from 'vitest';
import { listen } from '../src/cli/listen.ts';

/** The status of a GET whose Host header is another than the address. */
const asked = (address: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) =>
    request(`http://${address}/`, { headers: { host } }, (r) => resolve(r.resume().statusCode))
      .on('error', reject)
      .end(),
  );

test('on loopback only who names this machine is answered', async () => {
  const page = async () => ({ status: 200, contentType: 'text/plain', body: 'hello\n' });
  const { address, close } = await listen('127.0.0.1', 0, page, () => {});
  const port = address.slice(address.lastIndexOf(':'));
  const answers = {
    [address]: 200,
    localhost: 200,
    [`LocalHost${port}`]: 200,
    [`[::1]${port}`]: 200,
    '127.0.0.2': 200,
  };
  for (const [host, status] of Object.entries(answers))
    expect([host, await asked(address, host)]).toEqual([host, status]);
  for (const host of ['evil.example', `evil.example${port}`, 'localhost.evil.example', '127.evil.example', '10.0.0.1'])
    expect([host, await asked(address, host)]).toEqual([host, 421]);
  await close();
});

test('where others may ask, they may call it what they like', async () => {
  const page = async () => ({ status: 200, contentType: 'text/plain', body: 'hello\n' });
  const { address, close } = await listen('0.0.0.0', 0, page, () => {});
  expect(await asked(`127.0.0.1${address.slice(address.lastIndexOf(':'))}`, 'vigia-watch.monitoring:9464')).toBe(200);
  await close();
});
