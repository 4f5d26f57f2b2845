/** Options and readers of option values that several commands share. */
import { InvalidArgumentError, Option } from 'commander';

/** Read when no configuration is named. */
export const DEFAULT_CONFIG = 'config.yaml';

export const config = () => new Option('-c, --config <file>', 'configuration file').default(DEFAULT_CONFIG);
export const json = () => new Option('--json', 'print one JSON document').default(false);
export const har = () => new Option('--har <file>', 'record every HTTP exchange as HAR 1.2, without secrets');
export const job = () => new Option('--job <name>', 'only this job');

export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number of 1 or more');
  return number;
}

export function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new InvalidArgumentError('give a port, 0 to 65535');
  return number;
}

/** For options that may be repeated. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
