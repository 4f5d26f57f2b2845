/**
 * Bodies whose values stand at the same paths differ in these values only. Such a body is composed once, with a mark where each
 * value goes; the bodies of other objects are copies of it with their values in the places of the marks.
 */
import type { JsonValue } from '../model/scim-message.ts';
import { parseAttributePath } from './attribute-path.ts';

/** What a path may hold for its body to have a shape. */
export type PlainValue = string | number | boolean;

export type Shape =
  | { readonly kind: 'value'; readonly index: number }
  | { readonly kind: 'fixed'; readonly value: JsonValue }
  | { readonly kind: 'list'; readonly items: readonly Shape[] }
  | { readonly kind: 'object'; readonly members: readonly { readonly key: string; readonly shape: Shape }[] };

/** No text in a body begins so. */
const MARK = '\u0000';

/** A stand-in for the value of the path at `index`. */
export function markOf(index: number): string {
  return `${MARK}${index}`;
}

/** The shape of a body composed with marks. */
export function shapeOf(body: JsonValue): Shape {
  if (typeof body === 'string' && body.startsWith(MARK)) return { kind: 'value', index: Number(body.slice(1)) };
  if (Array.isArray(body)) return { kind: 'list', items: body.map((item: JsonValue) => shapeOf(item)) };
  if (typeof body !== 'object' || body === null) return { kind: 'fixed', value: body };
  return { kind: 'object', members: Object.entries(body).map(([key, value]) => ({ key, shape: shapeOf(value) })) };
}

/** The body with `values` in the places of the marks. */
export function fill(shape: Shape, values: readonly PlainValue[]): JsonValue {
  switch (shape.kind) {
    case 'value':
      return values[shape.index] ?? null;
    case 'fixed':
      return shape.value;
    case 'list':
      return shape.items.map((item) => fill(item, values));
    case 'object': {
      const object: Record<string, JsonValue> = {};
      for (const member of shape.members) object[member.key] = fill(member.shape, values);
      return object;
    }
  }
}

/**
 * True when bodies of these paths have no shape: a value may decide into which element of a list another one goes, or which
 * element is primary; or a path has a mark of its own.
 */
export function areShapeless(paths: readonly string[]): boolean {
  if (paths.some((path) => path.includes(MARK))) return true;
  const filtered = paths.map(parseAttributePath).filter(({ filter }) => filter !== undefined);
  const deciding = new Set(['type', ...filtered.map(({ filter }) => filter?.attribute.toLowerCase())]);
  return filtered.some(({ sub = 'value' }) => deciding.has(sub.toLowerCase()));
}
