/** Values that `Redact` keeps out of logs (expressions.md 8.2). */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { REDACTED } from '../map/map-object.ts';
import { parseAttributePath } from '../scim/attribute-path.ts';

type Redacting = Pick<CompiledObjectMapping, 'redacted'>;

/** What the log shows for the value `text` of the target path. */
export function loggedValue({ redacted }: Redacting, path: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  return redacted.paths.includes(path) ? REDACTED : text;
}

/** Source attributes as the log may show them: those a redacted row reads, and others with the same value, such as aliases. */
export function loggedSource(
  { redacted }: Redacting,
  attributes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (redacted.sources.length === 0) return attributes;
  const values = new Set<unknown>(
    redacted.sources.map((name) => attributes[name]).filter((value) => typeof value === 'string'),
  );
  const same = Object.keys(attributes).filter((name) => values.has(attributes[name]));
  return mask(attributes, [...redacted.sources, ...same]);
}

/** A resource as the log may show it: whole attributes are left out, where a part of one is redacted. */
export function loggedResource<T extends Readonly<Record<string, unknown>>>({ redacted }: Redacting, resource: T): T {
  const names = redacted.paths.map(parseAttributePath).map(({ urn, attribute }) => urn ?? attribute);
  return mask(resource, names);
}

function mask<T extends Readonly<Record<string, unknown>>>(values: T, names: readonly string[]): T {
  if (names.length === 0) return values;
  const hidden = new Set(names.map((name) => name.toLowerCase()));
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, hidden.has(key.toLowerCase()) ? REDACTED : value]),
  ) as T;
}
