/** Commands that show what is, what was and what would be; they change nothing. */
import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collect, config, har, job, json, positive } from './options.ts';

export function addInspectingCommands(add: AddCommand): void {
  add(
    'preview',
    'what the next cycle would send; sends nothing',
    async () => (await import('../commands/preview.ts')).preview,
  )
    .addOption(config())
    .addOption(job())
    .addOption(
      new Option('--object <ref>', 'only this object, step by step; may be repeated').default([]).argParser(collect),
    )
    .addOption(new Option('--offline', 'do not contact the target').default(false))
    .addOption(
      new Option(
        '--against <mapping>',
        'for everybody: what changes if this mapping file replaces that of the job; does not contact the target',
      ),
    )
    .addOption(
      new Option(
        '--online',
        'with --against: compare with what the target holds, not with what the mapping makes',
      ).default(false),
    )
    .addOption(har())
    .addOption(json())
    .addOption(new Option('--detailed-exitcode', 'exit 10 when there are changes').default(false));
  add('status', 'state, last cycle, escrows, quarantine', async () => (await import('../commands/status.ts')).status)
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add('logs', 'provisioning logs', async () => (await import('../commands/logs.ts')).logs)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--cycle <id>', 'only this cycle'))
    .addOption(new Option('--object <ref>', 'only this object'))
    .addOption(
      new Option('--status <status>', 'only this status').choices(['success', 'failure', 'skipped', 'warning']),
    )
    .addOption(
      new Option('--action <action>', 'only this action').choices([
        'create',
        'update',
        'delete',
        'disable',
        'stageddelete',
        'other',
      ]),
    )
    .addOption(new Option('--limit <n>', 'the newest so many').argParser(positive))
    .addOption(new Option('--follow', 'wait for more').default(false))
    .addOption(
      new Option('--audit', 'what was done to the jobs instead: start, restart, settings, quarantine')
        .default(false)
        .conflicts(['cycle', 'object', 'status', 'action', 'follow']),
    )
    .addOption(json());
  add(
    'why',
    'one object: scope, link, attempts, retry, what comes next',
    async () => (await import('../commands/why.ts')).why,
    (values, names) => ({ ...values, reference: names[0] ?? '' }),
  )
    .argument('<ref>', 'object id, userPrincipalName, mail or display name')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--offline', 'do not contact the target').default(false))
    .addOption(har())
    .addOption(json());
  add(
    'accounts',
    'every account of the target beside the directory: who matches, who would be locked out',
    async () => (await import('../commands/accounts.ts')).accounts,
  )
    .addOption(config())
    .addOption(job())
    .addOption(
      new Option('--before-sign-on', 'exit 3 when somebody with an active account is not assigned').default(false),
    )
    .addOption(har())
    .addOption(json());
  add(
    'explain',
    'parse tree and value of every sub-expression; --all: every mapping row for one object',
    async () => (await import('../commands/explain.ts')).explain,
    (values, names) => ({
      ...values,
      ...(names[0] === undefined ? {} : { expression: names[0] }),
    }),
  )
    .argument('[expression]', 'the expression')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--input <json>', 'source attributes as JSON, or @file'))
    .addOption(new Option('--object <ref>', 'a user or group of the directory'))
    .addOption(new Option('--all', 'every mapping row for the object, beside what the target holds').default(false))
    .addOption(new Option('--offline', 'with --all: do not contact the target').default(false))
    .addOption(har())
    .addOption(json());
  add(
    'functions',
    'the expression functions',
    async () => (await import('../commands/functions.ts')).functions,
    (values, names) => ({
      ...values,
      ...(names[0] === undefined ? {} : { name: names[0] }),
    }),
  )
    .argument('[name]', 'one function, with examples')
    .addOption(json());
}
