import type { Environment, Model } from '../../contract/model.ts';
import type { Artefact } from '../artefact.ts';
import { banner } from '../yaml.ts';
import { datadog } from './datadog.ts';
import { insights } from './insights.ts';
import { logql } from './logql.ts';
import { type Question, questions } from './question.ts';
import { isAnswerable, storedFields } from './stored.ts';

/**
 * The first questions of an incident as files, for people without the CLI: `queries/<environment>/<n>-<question>.<ext>` in the language of the
 * environment's log store, over what the generated Collector stores there. Nothing for an environment whose logs stay in files.
 */
export function generateQueries({ environments, clusters }: Model): readonly Artefact[] {
  return environments.flatMap((environment) => {
    const own = clusters.filter((c) => c.environment.name === environment.name);
    const thinned = own.some(({ accessLog }) => accessLog.sampling.healthyPercent < 100);
    const language = languageOf(environment);
    if (language === undefined) return [];
    const stored = storedFields(own);
    const answered = questions.filter((q) => isAnswerable(q, stored));
    return answered.map((question): Artefact => {
      const remarks = [
        question.asks,
        ...question.conclude,
        ...(thinned && question.of === 'duration' ? [thinOut] : []),
        '',
        ...language.use,
      ];
      const head = [...banner, '', ...remarks].map((line) => `# ${line}`.trimEnd()).join('\n');
      return {
        path: `queries/${environment.name}/${question.name}.${language.ending}`,
        content: `${head}\n\n${language.write(question)}`,
      };
    });
  });
}

const thinOut =
  'Healthy requests are thinned out here and failures are not, so both lean towards failures; `vigia triage` weighs them.';

interface StoreLanguage {
  readonly ending: string;
  /** How the file is put to use. */
  readonly use: readonly string[];
  readonly write: (question: Question) => string;
}

function languageOf({ name, logs, datadog: account }: Environment): StoreLanguage | undefined {
  switch (logs.to) {
    case 'cloudwatch':
      return {
        ending: 'insights',
        use: [
          `CloudWatch Logs Insights: choose the log group ${JSON.stringify(logs.group)} and a time range, paste, run. Each run scans the range once.`,
        ],
        write: (question) => insights(question, logs),
      };
    case 'loki':
      return {
        ending: 'logql',
        use: ['LogQL, as an instant query: [1h] is the window, and ends at the time that is asked for.'],
        write: (question) => logql(question, name),
      };
    case 'datadog':
      return {
        ending: 'yaml',
        use: [
          `Datadog: the body of POST https://api.${account?.site ?? 'datadoghq.com'}/api/v2/logs/analytics/aggregate. In the Log Explorer, filter.query is the search,`,
          'and group_by are the fields to group into; they must be facets there, those with numbers measures.',
        ],
        write: (question) => datadog(question, name),
      };
    case 'file':
      return undefined;
  }
}
