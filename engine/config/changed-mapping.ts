/** A mapping file with some of its rows changed, as an administrator changes them in the portal: for scenarios. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import type { YamlMapping, YamlRow } from './mapping-file.ts';

/** As a scenario writes it. */
export type ChangedMapping = {
  readonly file: string;
  /** Rows in place of those with the same target attribute, or more of them. */
  readonly set?: readonly YamlRow[];
  /** Target attributes whose rows go. */
  readonly remove?: readonly string[];
  /** Target object actions of the first object mapping. */
  readonly actions?: readonly string[];
  /** Scoping filters of the first object mapping. */
  readonly where?: readonly unknown[];
};

/** What a mapping file would hold; its first object mapping is changed. @throws Error when the file cannot be read */
export function changedMapping({ file, set = [], remove = [], ...more }: ChangedMapping, base: string): object {
  const mapping = parse(readFileSync(resolve(base, file), 'utf8')) as YamlMapping; // checked when the job loads it
  const [first, ...others] = mapping.objects;
  if (first === undefined) return mapping;
  const changed = new Map(set.map((row) => [row.to, row]));
  const kept = first.map.filter(({ to }) => !remove.includes(to)).map((row) => changed.get(row.to) ?? row);
  const added = set.filter(({ to }) => !first.map.some((row) => row.to === to));
  return { ...mapping, objects: [{ ...first, ...more, map: [...kept, ...added] }, ...others] };
}
