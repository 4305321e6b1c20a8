// The arrows of the design (docs/decisions/0001-the-house.md), as rules. Each says why and what to do instead.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^src/${from}` },
  to: { path: '^src/', pathNot: [`^src/${from}`, ...allowed.map((a) => `^src/${a}`)] },
});
const machine =
  '^(node:)?(fs|fs/promises|child_process|net|http|https|http2|dgram|tls|dns|os|process|worker_threads|readline)$';

export default {
  forbidden: [
    only(
      'envoy-imports-nothing',
      'envoy/',
      [],
      'envoy/ is tables of what is true of Envoy; both halves read it. Remedy: move the logic to the folder that needs it and pass the table in.',
    ),
    only(
      'contract-knows-only-envoy',
      'contract/',
      ['envoy/', 'nearest\\.ts'],
      'The contract is read and resolved before anything is generated. Remedy: give the Model what the generator lacks, and read only that there.',
    ),
    only(
      'signals-know-the-contract',
      'signals/',
      ['envoy/', 'contract/'],
      'What a signal is must not depend on who asks for it. Remedy: let boards/, alerts/ or a generator read the catalogue.',
    ),
    only(
      'boards-are-values',
      '(boards|objectives|alerts)/',
      ['envoy/', 'contract/', 'signals/', '(boards|objectives|alerts)/', 'nearest\\.ts'],
      'Boards, objectives and alerts are values over signals, the same for every vendor. Remedy: what a vendor needs is made in its generator.',
    ),
    only(
      'logs-stay-below-triage',
      'logs/',
      ['envoy/', 'signals/(labels|signature)\\.ts', 'nearest\\.ts'],
      'Reading logs must not know what is concluded from them, or a remote source could not answer the same shape. Remedy: return data in an Answer and decide in triage/.',
    ),
    only(
      'triage-is-pure',
      'triage/',
      ['envoy/', 'logs/(record|signature|answer|question|buckets|alb/line)\\.ts'],
      'Triage works on Signatures from any source. Remedy: put what it needs into the Answer; do not reach for a reader or a file.',
    ),
    only(
      'generators-see-the-model',
      'generate/',
      ['envoy/', 'contract/', 'signals/', 'boards/', 'objectives/', 'alerts/', 'nearest\\.ts'],
      'A generator is (model) => artefacts, pure. Remedy: give the Model what it lacks; read and write in cli/.',
    ),
    only(
      'align-is-pure',
      'align/',
      ['envoy/', 'contract/', 'nearest\\.ts'],
      'Alignment works on the Model and on manifests that were read. Remedy: pass what it needs in; read files and ask clusters in cli/.',
    ),
    only(
      'cost-is-pure',
      'cost/',
      ['envoy/', 'contract/', 'signals/', 'logs/record\\.ts'],
      'Cost follows from the Model, manifests and records that were read. Remedy: pass what it needs in; read files and ask clusters in cli/.',
    ),
    only(
      'watch-counts-answers',
      'watch/',
      ['envoy/', 'signals/', 'triage/', 'logs/(answer|question|signature|sources/source)\\.ts', 'report/clean\\.ts'],
      'A watch asks a Source, judges by triage and publishes numbers. Remedy: pass sources, files and sockets in from cli/.',
    ),
    only(
      'telemetry-knows-only-names',
      'telemetry/',
      ['signals/'],
      'What a command says of itself is a few facts, so that no log content can be among them. Remedy: pass the fact in.',
    ),
    {
      name: 'generators-do-not-know-each-other',
      severity: 'error',
      comment:
        'A generator is one folder; two that must agree read the same table. Remedy: move what both need beside them, as logged.ts is.',
      from: { path: '^src/generate/([^/]+)/' },
      to: { path: '^src/generate/[^/]+/', pathNot: '^src/generate/$1/' },
    },
    only(
      'report-renders-values',
      'report/',
      ['envoy/', 'triage/', 'align/', 'cost/', 'logs/(record|answer|redact|buckets|remote/words)\\.ts'],
      'A report is (value, options) => string. Remedy: compute it in triage/ and render it here.',
    ),
    only(
      'publish-sees-artefacts',
      'publish/',
      ['contract/model\\.ts', 'generate/artefact\\.ts', 'report/(clean|wrap)\\.ts'],
      'What is published is generated before; publish/http.ts alone speaks to the network (by fetch, which no import shows). Remedy: pass the artefacts in, and send through the Exchange.',
    ),
    only(
      'preview-draws-boards',
      'preview/',
      [
        'envoy/',
        'contract/',
        'signals/',
        'boards/',
        'objectives/',
        'logs/record\\.ts',
        'report/(clean|html/html-escape|html/offline-page|html/style/theme)\\.ts',
      ],
      'A preview is (boards, data) => page. Remedy: read logs and ask servers in cli/, and hand in what answers.',
    ),
    {
      name: 'read-is-below-scan',
      severity: 'error',
      comment:
        'Parsing one line knows nothing of files or tallies. Remedy: take bytes or a string, return a record or a reject.',
      from: { path: '^src/logs/read/' },
      to: { path: '^src/logs/(scan|sources)/' },
    },
    {
      name: 'sources-do-not-know-each-other',
      severity: 'error',
      comment:
        'A source is one file (and a folder of its name for its parts) that answers a Question. Remedy: share through logs/answer.ts.',
      from: { path: '^src/logs/sources/([^/.]+)' },
      to: { path: '^src/logs/sources/', pathNot: '^src/logs/sources/($1[/.]|source\\.ts|index\\.ts)' },
    },
    {
      name: 'only-sources-and-cli-touch-the-machine',
      severity: 'error',
      comment:
        'Reading is finished before thinking, and renderers return. Remedy: take the value as an argument; io.ts and logs/sources are the doors.',
      from: {
        path: '^src/',
        pathNot: [
          '^src/bin\\.ts$',
          '^src/cli/io\\.ts$',
          '^src/cli/node-io\\.ts$',
          '^src/cli/write-files\\.ts$',
          '^src/cli/listen\\.ts$',
          '^src/logs/sources/',
        ],
      },
      to: { path: machine },
    },
    {
      name: 'heavy-sdks-load-on-first-use',
      severity: 'error',
      comment:
        'Vendor SDKs cost 3 to 50 times bare Node at start-up. Remedy: await import() inside the function that needs it, or import type.',
      // The dashboards' builders are synchronous and only reached through commands that are themselves loaded on first use.
      from: { path: '^src/', pathNot: '^src/generate/grafana/' },
      to: {
        path: 'node_modules/(@datadog|@aws-sdk|@opentelemetry|@grafana|prom-client)',
        dependencyTypesNot: ['type-only'],
        dynamic: false,
      },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle hides which file owns the idea. Remedy: move the shared type to its own file.',
      from: { path: '^src/' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file nothing reaches from bin.ts is dead. Remedy: register it or delete it.',
      from: { path: '^src/bin\\.ts$' },
      to: { path: '^src/', reachable: false, pathNot: ['\\.d\\.ts$', '^src/logs/scan/kernel/'] },
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      comment: 'src/ ships; test/ does not. Remedy: move the helper into src/ or the caller into test/.',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      comment: 'What ships must be in "dependencies". Remedy: add it there with a reason.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/logs/scan/kernel/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
