import type { Tool } from './ensure.ts';
import { goCommand } from './go.ts';

/**
 * A program of Kubernetes itself. Its module requires the libraries of its own repository at v0.0.0 and replaces them by folders beside it;
 * the release of the same number stands for each (1.34.4 is v0.34.4 there).
 */
export function kubernetes(k: { readonly program: string; readonly version: string; readonly licence: string }): Tool {
  const [major = '', minor = '', patch = ''] = k.version.split('.');
  return goCommand({
    command: `k8s.io/kubernetes/cmd/${k.program}`,
    module: 'k8s.io/kubernetes',
    version: k.version,
    licence: k.licence,
    replace: (goMod) =>
      [...goMod.matchAll(/^\s*(k8s\.io\/\S+) v0\.0\.0$/gm)].map(
        (m) => `replace ${m[1]} => ${m[1]} v0.${minor}.${patch}`,
      ),
    // Unset, the program calls itself v0.0.0-master, which charts that ask for a Kubernetes version refuse.
    values: {
      'k8s.io/component-base/version.gitVersion': `v${k.version}`,
      'k8s.io/component-base/version.gitMajor': major,
      'k8s.io/component-base/version.gitMinor': minor,
    },
  });
}
