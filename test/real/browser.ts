import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const places = [fileURLToPath(new URL('../../.tools/chromium', import.meta.url)), '/usr/bin/chromium'];

/** Where Chromium is on this machine; undefined when it is not. */
export const chromiumPath: string | undefined = places.find((p) => existsSync(p));

export const chromiumMissing = 'Chromium is not on this machine; install it with: npm run tools -- chromium';

/** A Chromium that talks to nobody by itself. */
export function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(chromiumMissing);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
