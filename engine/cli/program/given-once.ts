/** Options that take one value: of two, one would be dropped without a word. */
import type { Command, Option } from 'commander';
import { badUsage } from '../bad-usage.ts';

/** Makes `command`, and every command below it, refuse such an option that is given twice. */
export function refuseRepeats(command: Command): void {
  for (const option of command.options.filter(takesOneValue)) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw repeated(command, option);
      isGiven = true;
    });
  }
  command.commands.forEach(refuseRepeats);
}

/** Lists begin empty and grow. */
function takesOneValue({ required, optional, defaultValue }: Option): boolean {
  return (required || optional) && !Array.isArray(defaultValue);
}

function repeated(command: Command, { long }: Option): Error {
  const { parent } = command;
  const name = parent?.parent ? `${parent.name()} ${command.name()}` : command.name();
  return badUsage(`${name} takes ${long} once, and it is given twice`, 'leave one of the two out');
}
