/** Commands that bring their own world: timelines, simulated applications, a first configuration, the tour. */
import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collect, har, json, port } from './options.ts';

export function addSimulatingCommands(add: AddCommand): void {
  add(
    'simulate',
    'play a timeline in virtual time and check what it expects',
    async () => (await import('../commands/simulate.ts')).simulate,
    (values, names) => ({ ...values, scenarios: names }),
  )
    .argument('<scenario...>', 'scenario files')
    .addOption(new Option('--junit <file>', 'write the results as JUnit XML'))
    .addOption(har())
    .addOption(json());
  add(
    'target',
    'serve a simulated application',
    async () => (await import('../commands/target.ts')).target,
    (values, names) => ({
      ...values,
      profile: names[0] ?? '',
    }),
  )
    .argument(
      '<profile>',
      'scim, work-accounts, workplace, workplace-legacy, workplace-2017, meta-networks, okta-work-accounts',
    )
    .addOption(new Option('--port <n>', 'port; 0 for any free one').default(8801).argParser(port))
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(new Option('--token <text>', 'bearer token it asks for'))
    .addOption(
      new Option('--defect <name>', 'a mistake it makes on purpose, e.g. string-booleans-ignored; may be repeated')
        .default([])
        .argParser(collect),
    );
  add(
    'init',
    'write a working configuration for an application',
    async () => (await import('../commands/init.ts')).init,
    (values, names) => ({ ...values, folder: names[0] ?? '.' }),
  )
    .argument('[folder]', 'where to write it; default: here')
    .addOption(new Option('--template <name>', 'application, e.g. workplace; asked for without it'))
    .addOption(new Option('--url <url>', 'tenant URL, as entered in Entra'))
    .addOption(new Option('--directory <file>', 'your directory file; a new one is written without it'))
    .addOption(new Option('--demo', 'a folder that runs at once against `scimulate target`').default(false))
    .addOption(new Option('--force', 'write over files that are there').default(false));
  add(
    'demo',
    'the tour: a directory, an app, a cycle, a day of changes',
    async () => (await import('../commands/demo.ts')).demo,
  ).addOption(new Option('--keep <folder>', 'where its files stay').default('.scimulate/demo'));
}
