import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { onFreePorts } from './collector.ts';
import { standIns } from './stand-ins.ts';

interface Here {
  /** The Collector's, which decides what stands in for what its binary lacks. */
  readonly version: string;
  /** A folder of this run. */
  readonly home: string;
  /** Of the cluster that stands for the one around the Collector. */
  readonly kubeconfig: string;
}

interface Config {
  readonly receivers: {
    readonly prometheus?: { config: { scrape_configs: { kubernetes_sd_configs?: Record<string, unknown>[] }[] } };
  };
  readonly processors: { readonly k8s_attributes?: Record<string, unknown> };
  readonly exporters: { readonly 'file/logs'?: Record<string, unknown> };
}

/**
 * A generated file as it can be started on this machine: on free ports, its log file in a folder that may be written, and where a pod would
 * ask the Kubernetes API with its own account, with a kubeconfig. Everything else is as generated, but for components that were not built.
 */
export async function runnable(text: string, { version, home, kubeconfig }: Here): Promise<string> {
  const config = parse((await onFreePorts(standIns(text, version).config)).config) as Config;
  for (const { kubernetes_sd_configs: found = [] } of config.receivers.prometheus?.config.scrape_configs ?? [])
    for (const discovery of found) discovery['kubeconfig_file'] = kubeconfig;
  const pods = config.processors.k8s_attributes;
  // The file's place is KUBECONFIG's to say.
  if (pods !== undefined) pods['auth_type'] = 'kubeConfig';
  const file = config.exporters['file/logs'];
  if (file !== undefined) file['path'] = join(home, 'access.json');
  return stringify(config, { lineWidth: 0 });
}
