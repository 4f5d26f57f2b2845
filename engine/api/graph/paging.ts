/** Pages of a list that is at hand, and links to the next one (graph-api.md 1.4, 11.4). */
import { badRequest } from './graph-error.ts';
import type { GraphContext } from './graph-request.ts';
import type { QueryOptions } from './query-options.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;

/** Rows from the position in `$skiptoken`, at most `$top`; `next` is the position after them. */
export function pageOf<T>(
  rows: readonly T[],
  query: QueryOptions,
): { readonly rows: readonly T[]; readonly next?: number } {
  const start = skipOf(query) ?? 0;
  const end = start + sizeOf(query);
  return { rows: rows.slice(start, end), ...(end < rows.length ? { next: end } : {}) };
}

export function sizeOf({ top }: QueryOptions): number {
  return Math.min(top ?? DEFAULT_PAGE, LARGEST_PAGE);
}

/** The position in `$skiptoken`. @throws GraphError 400 when it is not one of ours */
export function skipOf({ skiptoken }: QueryOptions): number | undefined {
  if (skiptoken === undefined) return undefined;
  if (/^\d{1,15}$/.test(skiptoken)) return Number(skiptoken);
  throw badRequest('The $skiptoken is not one that was given out. Start again without it.');
}

/** The link to the page at `next` with every option of this one; nothing when there is none. */
export function nextLink(
  { root, path, query }: GraphContext,
  next: number | undefined,
): Readonly<Record<string, string>> {
  if (next === undefined) return {};
  const options = query.all.filter(([key]) => key.toLowerCase() !== '$skiptoken');
  const search = [...options, ['$skiptoken', String(next)] as const]
    .map(([key, value]) => `${encodeURIComponent(key).replace('%24', '$')}=${encodeURIComponent(value)}`)
    .join('&');
  return { '@odata.nextLink': `${root}/${path}?${search}` };
}
