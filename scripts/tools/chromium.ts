import { existsSync } from 'node:fs';
import type { Tool } from './ensure.ts';
import { run } from './run.ts';

/** Debian's Chromium. The system's package manager owns it, so its version is the distribution's; root installs it, others are told the command. */
export function chromium(w: { licence: string }): Tool {
  return {
    version: "Debian's",
    licence: w.licence,
    from: 'Debian package chromium',
    binary: '/usr/bin/chromium',
    install() {
      if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
        throw new Error('not on this machine: install it with "sudo apt-get install chromium"');
      run('apt-get', ['update', '-qq']);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    },
  };
}
