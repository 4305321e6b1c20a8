import { familyNames } from '../../alerts/index.ts';
import { boardContexts } from '../../boards/context.ts';
import { duration } from '../../boards/query/promql-text.ts';
import { isRecorded, recordedIntervalMs, recordedRules } from '../../boards/recorded.ts';
import { burnTiers } from '../../contract/burn-rates.ts';
import type { Model, Objective } from '../../contract/model.ts';
import { blamesGateway } from '../../objectives/indicator.ts';
import type { Artefact } from '../artefact.ts';
import { yamlFile } from '../yaml.ts';
import { alertGroups } from './alerts.ts';
import { type At, at as contextOf } from './at.ts';
import { familyTests, objectiveTests } from './drills.ts';
import { objectiveGroups } from './objectives.ts';
import type { Group } from './rule.ts';

/** Rule files of each environment whose metrics are in Prometheus, and beside them the tests of each alert. */
export function generatePrometheus(model: Model): readonly Artefact[] {
  return boardContexts(model)
    .filter(({ environment }) => environment.metrics.to === 'prometheus')
    .flatMap((context) => {
      const at = contextOf(model, context);
      const folder = `alerts/prometheus/${context.environment.name}`;
      const [objectives, alerts] = [objectiveGroups(at), alertGroups(at)];
      const rules = (name: string, groups: readonly Group[], remark: readonly string[] = []): readonly Artefact[] =>
        groups.length === 0 ? [] : [{ path: `${folder}/${name}.yaml`, content: yamlFile([{ groups }], remark) }];
      const tests = (name: string, content: object): Artefact => ({
        path: `${folder}/tests/${name}.yaml`,
        content: yamlFile([content], [`promtool test rules ${folder}/tests/${name}.yaml`]),
      });
      return [
        ...rules('recording', recordingGroups(at)),
        ...rules('objectives', objectives, at.context.objectives.flatMap(leftOut)),
        // A file for each family, so that its tests load no more than they ask.
        ...familyNames.flatMap((name) =>
          rules(
            `alerts-${name}`,
            alerts.filter((g) => g.name.endsWith(`-${name}`)),
          ),
        ),
        ...familyNames.map((name) => tests(name, familyTests(name, alerts, at))),
        ...context.objectives.map((o) => tests(`objective-${o.name}`, objectiveTests(o, objectives, at))),
      ];
    });
}

/** Rules, not their tests: what a Prometheus is given. */
export const isRuleFile = ({ path }: Artefact): boolean => /^alerts\/prometheus\/[^/]+\/[^/]+\.yaml$/.test(path);

/** What boards ask for at hundreds of namespaces (boards/recorded.ts). */
const recordingGroups = (at: At): readonly Group[] =>
  isRecorded(at.model)
    ? [
        {
          name: `vigia-${at.context.environment.name}-boards`,
          interval: duration(recordedIntervalMs),
          rules: recordedRules(at.context),
        },
      ]
    : [];

/** What an objective's alerts do not have, said where one would look for it. */
function leftOut(objective: Objective): readonly string[] {
  const { dropped } = burnTiers(objective);
  return [
    ...dropped.map((t) => `${objective.name}: no alert over ${duration(t.longMs)}: ${t.why}.`),
    ...(blamesGateway(objective)
      ? []
      : [
          `${objective.name}: not also by the gateway's fault: the contract promises nothing of its own time (gatewayUnder).`,
        ]),
  ];
}
