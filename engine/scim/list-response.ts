/** A list of resources as targets really answer: counters as text, `Resources` missing when empty (RFC 7644 section 3.4.2). */
import type { ScimResource } from '../model/scim-message.ts';

export type ListResponse = {
  readonly resources: readonly ScimResource[];
  readonly totalResults: number;
  /** Entries of `Resources`, those that are no resource included. */
  readonly listed: number;
};

/** The list, or undefined when the body is none. Attribute names ignore case (RFC 7643 section 2.1). */
export function readListResponse(body: unknown): ListResponse | undefined {
  if (!isObject(body)) return undefined;
  const resources = memberOf(body, 'Resources');
  const totalResults = memberOf(body, 'totalResults');
  const list = Array.isArray(resources) ? resources.filter(isObject) : undefined;
  const listed = Array.isArray(resources) ? resources.length : 0;
  if (list === undefined && totalResults === undefined) return undefined;
  const total = Number(totalResults ?? Number.NaN);
  return { resources: list ?? [], totalResults: Number.isFinite(total) ? total : listed, listed };
}

function memberOf(body: ScimResource, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  const lower = name.toLowerCase();
  return Object.entries(body).find(([key]) => key.toLowerCase() === lower)?.[1];
}

function isObject(value: unknown): value is ScimResource {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
