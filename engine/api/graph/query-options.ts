/** System query options: names in any case, `$` percent-encoded or not (graph-api.md 1.2). */
import { badRequest } from './graph-error.ts';

export type QueryOptions = {
  readonly filter?: string;
  readonly orderby?: string;
  readonly select?: readonly string[];
  readonly top?: number;
  readonly skiptoken?: string;
  /** Every option as it came, for links. */
  readonly all: readonly (readonly [string, string])[];
};

/** Longest filter that is read: its parser walks down one step per parenthesis. */
const LONGEST_FILTER = 4000;

/** @throws GraphError 400 for a number that is none */
export function readQueryOptions(search: URLSearchParams): QueryOptions {
  const all = [...search];
  const option = (name: string) => all.find(([key]) => key.toLowerCase() === name)?.[1];
  const filter = option('$filter');
  const orderby = option('$orderby');
  const select = option('$select');
  const top = option('$top');
  const skiptoken = option('$skiptoken');
  if (filter !== undefined && filter.length > LONGEST_FILTER) {
    throw badRequest(`The $filter is longer than ${LONGEST_FILTER} characters. Ask for less at once.`);
  }
  return {
    all,
    ...(filter === undefined ? {} : { filter }),
    ...(orderby === undefined ? {} : { orderby }),
    ...(select === undefined || select === '*' ? {} : { select: select.split(',').map((name) => name.trim()) }),
    ...(top === undefined ? {} : { top: readTop(top) }),
    ...(skiptoken === undefined ? {} : { skiptoken }),
  };
}

function readTop(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw badRequest(`"${text}" is not a number of entries. Write $top as a whole number from 1.`);
}

/** The members of `entity` that `$select` names, in any case; annotations stay. */
export function selected<T extends Readonly<Record<string, unknown>>>(
  entity: T,
  select: readonly string[] | undefined,
): Partial<T> {
  if (select === undefined) return entity;
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  const kept = Object.entries(entity).filter(([key]) => key.startsWith('@') || wanted.has(key.toLowerCase()));
  return Object.fromEntries(kept) as Partial<T>;
}
