import { accessLogs } from './access-log.ts';
import { collectors } from './collector.ts';
import { gateways } from './gateways.ts';
import { gatewaysAlike } from './gateways-alike.ts';
import { labels } from './labels.ts';
import { notifications } from './notifications.ts';
import { objectives } from './objectives.ts';
import { references } from './references.ts';
import type { Rule } from './rule.ts';
import { stores } from './stores.ts';
import { versions } from './versions.ts';

export const rules: readonly Rule[] = [
  references,
  gatewaysAlike,
  gateways,
  stores,
  versions,
  labels,
  accessLogs,
  collectors,
  objectives,
  notifications,
];
