import type { CommandEntry } from '../command.ts';

/** Every command: one file, one line here. */
export const commands = {
  triage: { summary: 'whose fault: verdicts over access logs', load: () => import('./triage.ts') },
  logs: {
    summary: 'the matching requests themselves, decoded, each with its verdict',
    load: () => import('./logs.ts'),
  },
  query: {
    summary: "the same question in a store's own language, to paste into its console",
    load: () => import('./query.ts'),
  },
  explain: {
    summary: 'a response flag, a details string, a cause or a whole log line in words',
    load: () => import('./explain.ts'),
  },
  init: {
    summary: 'a commented contract to start from, filled from manifests or a cluster',
    load: () => import('./init.ts'),
  },
  generate: {
    summary: 'write all that follows from the contract: policies, pipelines and what they need',
    load: () => import('./generate.ts'),
  },
  check: {
    summary: 'compare what is on disk with the contract, and name each drift and its remedy',
    load: () => import('./check.ts'),
  },
  align: {
    summary: 'whether timeouts and keep-alives line up: load balancer, gateway, routes, backends',
    load: () => import('./align.ts'),
  },
  cost: {
    summary: 'series and stored records before deploying: by signal and label, in what the store bills',
    load: () => import('./cost.ts'),
  },
  preview: {
    summary: 'the boards in a browser, from an access log or a local Prometheus: no Grafana needed',
    load: () => import('./preview.ts'),
  },
  diff: {
    summary: 'compare live Grafana and Datadog with the contract, in what they mean',
    load: () => import('./diff.ts'),
  },
  apply: {
    summary: 'make live Grafana and Datadog what the contract says; asks first',
    load: () => import('./apply.ts'),
  },
  watch: {
    summary: 'verdicts as metrics, one window of time after the other, until stopped',
    load: () => import('./watch.ts'),
  },
  demo: { summary: 'triage of a recorded incident: nothing to set up', load: () => import('./demo.ts') },
} as const satisfies Record<string, CommandEntry>;
