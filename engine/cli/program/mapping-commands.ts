/** Commands about configuration and mapping files. */
import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';
import { config, har, job, json } from './options.ts';

export function addMappingCommands(add: AddCommand): void {
  add(
    'validate',
    'every finding about configuration and mappings',
    async () => (await import('../commands/validate.ts')).validate,
  )
    .addOption(config())
    .addOption(new Option('--connect', 'run Test Connection').default(false))
    .addOption(new Option('--effective', 'print the configuration with defaults, secrets masked').default(false))
    .addOption(har())
    .addOption(json());
  add(
    'test',
    'runs mapping tests: given attributes, expected target attributes, scope',
    async () => (await import('../commands/test.ts')).test,
    (values, names) => ({ ...values, names }),
  )
    .argument('[file...]', 'test files, mapping files or folders; without them all tests beside the mapping files')
    .addOption(config())
    .addOption(new Option('--junit <file>', 'write the results as JUnit XML'))
    .addOption(
      new Option('--coverage', 'name the Switch and IIF branches and scoping clauses that no case reaches').default(
        false,
      ),
    )
    .addOption(json());
  const schema = add.group('schema', "Graph's synchronizationSchema JSON and mapping files");
  add(
    'discover',
    'what the application offers in /Schemas, as target paths',
    async () => (await import('../commands/schema-discover.ts')).schemaDiscover,
    undefined,
    schema,
  )
    .addOption(config())
    .addOption(job())
    .addOption(har())
    .addOption(json());
  add(
    'import',
    'exported JSON → a mapping file',
    async () => (await import('../commands/schema.ts')).schemaImport,
    (values, names) => ({ ...values, file: names[0] ?? '' }),
    schema,
  )
    .argument('<file>', 'the JSON file')
    .addOption(new Option('--out <file>', 'the mapping file to write; printed without it'))
    .addOption(new Option('--lenient', 'keep values that are not documented').default(false));
  add(
    'export',
    'a mapping file → the JSON',
    async () => (await import('../commands/schema.ts')).schemaExport,
    (values, names) => ({ ...values, ...(names[0] === undefined ? {} : { mapping: names[0] }) }),
    schema,
  )
    .argument('[mapping]', 'the mapping file; without it that of the job')
    .addOption(config())
    .addOption(new Option('--job <name>', 'write the id of this job'))
    .addOption(new Option('--out <file>', 'the JSON file to write; printed without it'));
}
