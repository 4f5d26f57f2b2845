/** `SelectUniqueValue` against the target: its candidates are asked for one at a time until one is free (expressions.md 8.2, 10). */
import type { CompiledRow } from '../map/compile-mapping.ts';
import { evaluateRow } from '../map/map-object.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Subject } from '../plan/subject.ts';
import type { CyclePorts } from './cycle.ts';

/** Random candidates never repeat; a target that ignores the filter would be asked forever. */
const MOST_CANDIDATES = 50;

/** Values given to other objects of the page, lower-case under their path: they are not in the target yet. */
export type Reserved = Set<string>;

/**
 * The subject with a free value for every row that needs one.
 * @throws EngineError `object` when every candidate is taken (`NoUniqueValue`)
 */
export async function withUniqueValues(
  { reader, signal }: Pick<CyclePorts, 'reader' | 'signal'>,
  subject: Subject,
  reserved: Reserved,
): Promise<Subject> {
  const rows = subject.mapping.rows.filter(({ unique }) => unique === true);
  if (rows.length === 0) return subject;
  const decided = new Map<string, unknown>();
  for (const row of rows) decided.set(row.path.text, await freeValue({ reader, signal }, subject, row, reserved));
  return { ...subject, decided };
}

async function freeValue(
  { reader, signal }: Pick<CyclePorts, 'reader' | 'signal'>,
  { mapping, attributes, context }: Subject,
  row: CompiledRow,
  reserved: Reserved,
): Promise<unknown> {
  const { text } = row.path;
  const taken: string[] = [];
  while (taken.length < MOST_CANDIDATES) {
    const value = evaluateRow(row, attributes, { ...context, existing: taken });
    if (typeof value !== 'string') return value;
    const held = await reader.find(mapping.resourceType, text, value, signal);
    const key = `${text}\n${value.toLowerCase()}`;
    if (held.length === 0 && !reserved.has(key)) {
      reserved.add(key);
      return value;
    }
    taken.push(value);
  }
  throw new EngineError(`the target has every one of ${taken.length} values tried for ${row.row.target}`, {
    category: 'object',
    code: 'AttributeMappingFailed',
    remedy: 'check that the target can filter on this attribute; it may answer with everybody',
  });
}
