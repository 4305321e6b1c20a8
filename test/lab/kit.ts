import type { Certificate } from './certificate.ts';
import { selfSigned } from './certificate.ts';

/** A running helper of a scenario: a backend, a name server, a stuck listener. */
export interface Helper {
  readonly port: number;
  close(): Promise<void>;
}

/** What a scenario may use while it prepares. Everything started through `use` is closed with the lab. */
export interface Kit {
  readonly dir: string;
  /** Known to Envoy as an authority by its file. */
  readonly trusted: Certificate;
  /** Signed by nobody Envoy knows. */
  readonly stranger: Certificate;
  use<H extends Helper>(helper: Promise<H>): Promise<H>;
}

/** A kit whose helpers are closed, last first, by the second value; one that fails to close does not keep the others open. */
export function makeKit(dir: string): { kit: Kit; close: () => Promise<void> } {
  const helpers: Helper[] = [];
  const kit: Kit = {
    dir,
    trusted: selfSigned('trusted.lab.test'),
    stranger: selfSigned('stranger.lab.test'),
    use: async (starting) => {
      const helper = await starting;
      helpers.push(helper);
      return helper;
    },
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled(helpers.reverse().map((h) => h.close()));
  };
  return { kit, close };
}
