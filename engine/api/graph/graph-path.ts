/** The spellings of one URL → its segments (graph-api.md 1.2). */
import { badRequest } from './graph-error.ts';
import type { GraphVersion } from './graph-request.ts';

export type GraphPath = {
  readonly version: GraphVersion;
  /** The path below the version as it was called, for links. */
  readonly rest: string;
  /** Names and keys in turn, as written; `servicePrincipals(appId='x')` gives the key `appId='x'`. */
  readonly segments: readonly string[];
};

/** Undefined when the path belongs to no version of Graph. @throws GraphError 400 for a broken percent-encoding */
export function readGraphPath(pathname: string): GraphPath | undefined {
  return readParts(pathname.split('/').filter((part) => part !== ''));
}

function readParts([first = '', ...rest]: readonly string[]): GraphPath | undefined {
  // Microsoft's JavaScript client puts its own root before links that are not https (graph-api.md 15.2).
  if (rest[0] === 'http:') return readParts(rest.slice(2));
  const version = (['v1.0', 'beta'] as const).find((name) => name === first.toLowerCase());
  return version === undefined ? undefined : { version, rest: rest.join('/'), segments: rest.flatMap(readSegment) };
}

function readSegment(raw: string): readonly string[] {
  const text = decoded(raw).replace(/^microsoft\.graph\./i, '');
  const [, name = text, argument] = /^([^()]+)\((.*)\)$/s.exec(text) ?? [];
  if (argument === undefined) return [text];
  if (argument === '') return [name];
  const [, quoted] = /^'(.*)'$/s.exec(argument) ?? [];
  return [name, quoted === undefined ? argument : quoted.replaceAll("''", "'")];
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw badRequest(`"${raw}" is not a valid percent-encoding. Encode the path as UTF-8.`);
  }
}

/** The keys of `segments` by the names in `pattern` (`serviceprincipals/:sp`), undefined when they do not fit. */
export function matchSegments(
  pattern: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const steps = pattern.split('/');
  if (steps.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const segment = segments[index] ?? '';
    if (step.startsWith(':')) params[step.slice(1)] = segment;
    else if (step !== segment.toLowerCase()) return undefined;
  }
  return params;
}
