import * as tls from 'node:tls';

/** Trusts a certificate authority (PEM) as well, for every connection of this process: fetch has no other way. False on a Node before 22.19. */
export function trustAlso(pem: string): boolean {
  const set = (tls as { setDefaultCACertificates?: (all: string[]) => void }).setDefaultCACertificates;
  if (set === undefined) return false;
  set([...tls.getCACertificates('default'), pem]);
  return true;
}
