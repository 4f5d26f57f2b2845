/** What to type next, for the configuration at hand, so that it can be copied as it stands. */
import { DEFAULT_CONFIG } from './program/options.ts';
import { textWidth } from './views/text-width.ts';

/** From `sync` to `scimulate sync`, with `-c FILE` where the configuration is not the default one. */
export type NextCommand = (verb: string, ...words: readonly string[]) => string;

export function nextCommand(config: string): NextCommand {
  const file = config === DEFAULT_CONFIG ? [] : ['-c', config];
  return (verb, ...words) => ['scimulate', verb, ...[...words, ...file].map(quoted)].join(' ');
}

/** Hints beside each other where they fit, else below each other: a command that is broken cannot be copied. */
export function hints(width: number, texts: readonly string[], gap = '   '): string {
  const line = texts.join(gap);
  return textWidth(line) <= width ? line : texts.join('\n');
}

/** A word as a POSIX shell takes it: `siobhan.o'neil@contoso.com` needs quotes. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word.replace(/["$`\\]/g, '\\$&')}"` : `'${word}'`;
}
