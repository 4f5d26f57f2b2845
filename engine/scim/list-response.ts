/** A list of resources as targets really answer: counters as text, `Resources` missing when empty (RFC 7644 section 3.4.2). */
import type { JsonValue, ScimResource } from '../model/scim-message.ts';

export type ListResponse = { readonly resources: readonly ScimResource[]; readonly totalResults: number };

/** The list, or undefined when the body is none. */
export function readListResponse(body: unknown): ListResponse | undefined {
  if (!isObject(body)) return undefined;
  const { Resources: resources, totalResults } = body;
  const list = Array.isArray(resources) ? resources.filter(isObject) : undefined;
  if (list === undefined && totalResults === undefined) return undefined;
  const total = Number(totalResults ?? list?.length ?? 0);
  return { resources: list ?? [], totalResults: Number.isFinite(total) ? total : (list?.length ?? 0) };
}

function isObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
