/** How a command is declared: name, summary, the function to load when it is called, and how its values become options. */
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';

type Values = Readonly<Record<string, unknown>>;
type Load = (io: Io, values: never) => Promise<ExitCode>;

export interface AddCommand {
  /**
   * Declares a command; options and arguments are added to what it returns.
   * @param load imports the command, so that help does not load the engine
   * @param toOptions from the parsed options and the positional arguments to what the command takes; default: the options
   * @param parent a group, for `scimulate schema import`
   */
  (
    name: string,
    summary: string,
    load: () => Promise<Load>,
    toOptions?: (values: Values, names: readonly string[]) => Values,
    parent?: Command,
  ): Command;
  /** A command that only holds others. */
  group(name: string, summary: string): Command;
}

/** Adds commands to `program`; `finish` is told the exit code of the one that ran. */
export function commandAdder(program: Command, io: Io, finish: (code: ExitCode) => void): AddCommand {
  const add = (
    name: string,
    summary: string,
    load: () => Promise<Load>,
    toOptions: (values: Values, names: readonly string[]) => Values = (values) => values,
    parent: Command = program,
  ) =>
    parent
      .command(name)
      .description(summary)
      .exitOverride()
      .action(async (...parameters: unknown[]) => {
        const command = parameters.at(-1) as Command;
        const run = await load();
        finish(await run(io, toOptions(command.opts(), command.args) as never));
      });
  return Object.assign(add, { group: (name: string, summary: string) => program.command(name).description(summary) });
}
