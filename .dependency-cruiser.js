/** Boundary rules: what each ring of engine/ may import (docs/architecture.md). Checked by `npm run boundaries`. */
const CORE = '^engine/(expression|scim|scope|map|match|plan|record|verify)/';
const ADAPTERS = '^engine/(source|target|store|http|notify)/';
const only = (name, pkg, where) => ({
  name,
  severity: 'error',
  from: { path: '^engine/', pathNot: where },
  to: { path: `^node_modules/${pkg}/` },
});
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

export default {
  forbidden: [
    rule('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('model-imports-nothing', { path: '^engine/model/' }, { pathNot: '^engine/model/' }),
    rule(
      'core-is-pure',
      { path: CORE, pathNot: '^engine/expression/bounded-regex\\.ts$' },
      { pathNot: [CORE, '^engine/model/', '^node_modules/(lodash|re2js)/'] },
    ),
    rule(
      'core-no-node-builtins',
      { path: CORE, pathNot: '^engine/expression/bounded-regex\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    rule('pipeline-order-scope', { path: '^engine/scope/' }, { path: '^engine/(map|match|plan|record)/' }),
    rule('pipeline-order-map', { path: '^engine/map/' }, { path: '^engine/(match|plan|record)/' }),
    rule('pipeline-order-match', { path: '^engine/match/' }, { path: '^engine/(plan|record)/' }),
    rule('pipeline-order-plan', { path: '^engine/plan/' }, { path: '^engine/record/' }),
    rule(
      'languages-know-no-stage',
      { path: '^engine/(expression|scim)/' },
      { path: '^engine/(scope|map|match|plan|record)/' },
    ),
    rule('expression-and-scim-are-strangers', { path: '^engine/expression/' }, { path: '^engine/scim/' }),
    rule(
      'schema-is-pure',
      { path: '^engine/schema/' },
      {
        pathNot: [
          '^engine/(schema|model|expression|scope)/',
          '^engine/config/(check-mapping|check-schema|finding|mapping-file)\\.ts$',
          '^node_modules/lodash/',
        ],
      },
    ),
    rule(
      'mapping-test-is-pure',
      { path: '^engine/mapping-test/' },
      { pathNot: '^engine/(mapping-test|model|expression|scim|scope|map|plan)/' },
    ),
    rule('orchestration-sees-ports-only', { path: '^engine/(cycle|apply)/' }, { path: ADAPTERS }),
    rule(
      'preview-cannot-write',
      { path: '^engine/(cycle/|operate/preview-job\\.ts$)' },
      { path: '^engine/apply/', reachable: true },
    ),
    rule(
      'adapters-are-strangers',
      { path: '^engine/(source|target|store|http|notify)/' },
      { path: '^engine/(source|target|store|notify|cycle|apply|schedule|cli|config)/', pathNot: '^engine/$1/' },
    ),
    rule(
      'only-compose-constructs-adapters',
      { path: '^engine/', pathNot: ['^engine/(compose|generate)\\.ts$', ADAPTERS] },
      { path: ADAPTERS },
    ),
    rule('nobody-imports-the-cli', { path: '^engine/', pathNot: '^engine/cli/' }, { path: '^engine/cli/' }),
    only('axios-only-in-http', 'axios', '^engine/http/'),
    only('jose-only-in-target', 'jose', '^engine/target/'),
    only('undici-only-in-http', 'undici', '^engine/http/'),
    only('kysely-only-in-store', 'kysely', '^engine/store/'),
    only('sqlite-only-in-store', '@photostructure/sqlite', '^engine/store/'),
    only('node-cron-only-in-schedule', 'node-cron', '^engine/schedule/'),
    only('nodemailer-only-in-notify', 'nodemailer', '^engine/notify/'),
    only('prom-client-only-in-schedule', 'prom-client', '^engine/schedule/'),
    only('pino-only-in-schedule', 'pino', '^engine/schedule/'),
    only('ajv-only-in-config', 'ajv', '^engine/config/'),
    only('yaml-only-in-config-and-source', 'yaml', '^engine/(config|source)/'),
    only('csv-parse-only-in-source', 'csv-parse', '^engine/source/'),
    only('commander-only-in-cli', 'commander', '^engine/cli/'),
    rule(
      'no-dev-dependencies',
      { path: '^(engine|fixtures)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
