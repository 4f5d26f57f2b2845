/** Commands that run jobs and steer their life. */
import { Option } from 'commander';
import type { AddCommand } from './add-command.ts';
import { collect, config, har, job, json, positive } from './options.ts';

export function addRunningCommands(add: AddCommand): void {
  add('sync', 'one cycle now per job', async () => (await import('../commands/sync.ts')).sync)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--cycles <n>', 'how many cycles').default(1).argParser(positive))
    .addOption(
      new Option('--verify', 'read everything back after each cycle; exit 3 when something diverges').default(false),
    )
    .addOption(new Option('--allow-deletions <n>', 'let so many deprovisions through this once').argParser(positive))
    .addOption(new Option('--expect <checksum>', 'only if the plan is the one that preview showed with it'))
    .addOption(har())
    .addOption(json());
  add('daemon', 'cycles on schedule until stopped', async () => (await import('../commands/daemon.ts')).daemon)
    .addOption(config())
    .addOption(new Option('--log-format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--log-level <level>', 'nothing less grave than this')
        .choices(['info', 'warn', 'error'])
        .default('info'),
    )
    .addOption(har());
  add(
    'provision',
    'one object through the whole pipeline, now',
    async () => (await import('../commands/provision.ts')).provision,
    (values, names) => ({ ...values, reference: names[0] ?? '' }),
  )
    .argument('<ref>', 'object id, userPrincipalName, mail or display name')
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--member <ref>', 'of a group, up to five; may be repeated').default([]).argParser(collect))
    .addOption(har())
    .addOption(json());
  add('start', 'go on with a paused job', async () => (await import('../commands/lifecycle.ts')).start)
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add('pause', 'no further cycles', async () => (await import('../commands/lifecycle.ts')).pause)
    .addOption(config())
    .addOption(job())
    .addOption(json());
  add('restart', 'forget and begin again', async () => (await import('../commands/lifecycle.ts')).restart)
    .addOption(config())
    .addOption(job())
    .addOption(new Option('--reset <flags>', 'what to forget, e.g. Watermark,Escrows; default as in the portal'))
    .addOption(new Option('--yes', 'do not ask').default(false))
    .addOption(json());
}
