/** What an import holds beyond the mapping file's own keys: found by comparing, kept under `raw`, laid over the export again. */
import isEqual from 'lodash/isEqual.js';
import type { Raw } from '../config/mapping-file.ts';

/** `yaml` with a `raw` of whatever `write` would not give back; `write(result)`, laid over with `raw`, equals `original`. */
export function withRaw<Y extends { readonly raw?: Raw }>(yaml: Y, original: object, write: (yaml: Y) => object): Y {
  const raw = differing(original, write(yaml));
  return Object.keys(raw).length === 0 ? yaml : { ...yaml, raw };
}

/** `written` with the fields of `raw` in place of its own; objects are merged, lists and values replaced. */
export function overlay<T extends object>(written: T, raw: Raw | undefined): T {
  if (raw === undefined) return written;
  const fields = Object.fromEntries(
    Object.entries(raw).map(([key, value]) => {
      const present = fieldOf(written, key);
      return [key, isFields(present) && isFields(value) ? overlay(present, value) : value];
    }),
  );
  return { ...written, ...fields };
}

/** Fields of `original` that `written` has differently or not at all. */
function differing(original: object, written: object): Raw {
  return Object.fromEntries(
    Object.entries(original).flatMap(([key, value]) => {
      const other = fieldOf(written, key);
      if (isEqual(value, other) && Object.hasOwn(written, key)) return [];
      return [[key, isFields(value) && isFields(other) ? differing(value, other) : value]];
    }),
  );
}

function fieldOf(fields: object, key: string): unknown {
  return Object.hasOwn(fields, key) ? (fields as Raw)[key] : undefined;
}

/** Whether `value` is an object with fields, not a list. */
export function isFields(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
