/**
 * .NET regular expressions, ready to match: in linear time through RE2 where the pattern allows it, else by JavaScript under a
 * time limit. A pattern can never stall the engine.
 */
import { RE2JS } from 're2js';
import { createBoundedRun, type RunBounded } from './bounded-regex.ts';
import { invalidRegex } from './regex-class.ts';
import { placeOfGroup, type TranslatedRegex, translateRegex } from './translate-regex.ts';

/** Code units from `start` up to `end`. */
type TextRange = { readonly start: number; readonly end: number };

/** Ranges of the whole match (0) and of each group by place; undefined for a group that took no part. */
export type RegexMatch = readonly [TextRange, ...(TextRange | undefined)[]];

export type DotNetRegex = {
  /** Place of a group in a match, by name or .NET number; undefined when the pattern has none such. */
  readonly placeOf: (group: string) => number | undefined;
  /** Place of the group with the highest .NET number; 0, the whole match, when there is no group. */
  readonly lastGroup: number;
  /** All matches, or the first `limit`. @throws ExpressionError `RegexTimeout` after `timeoutMs` */
  readonly matches: (
    input: string,
    options: { readonly timeoutMs: number; readonly limit?: number },
  ) => readonly RegexMatch[];
};

const MAX_CACHED_PATTERNS = 50;
const ASCII = /^[\0-\x7F]*$/;
/** Pattern size times squared input length up to which RE2 runs without a watch. */
const UNWATCHED_COST = 2_000_000;
/** Pattern size up to which RE2 compiles without a watch. */
const UNWATCHED_SIZE = 2000;
const COMPILE_TIMEOUT_MS = 500;

/** Compiled patterns by text, each compiled once. @throws ExpressionError `InvalidRegex` */
export function createRegexCache(): (pattern: string) => DotNetRegex {
  const compiled = new Map<string, DotNetRegex>();
  const runBounded = createBoundedRun();
  return (pattern) => {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    if (compiled.size >= MAX_CACHED_PATTERNS) compiled.clear();
    const regex = compileRegex(pattern, runBounded);
    compiled.set(pattern, regex);
    return regex;
  };
}

function compileRegex(pattern: string, runBounded: RunBounded): DotNetRegex {
  const translated = translateRegex(pattern);
  const native = compileNative(translated);
  const size = sizeOf(pattern);
  const isQuick = quickness(pattern);
  // Compiled when first needed: most patterns are matched quickly without it.
  let linear: RE2JS | undefined | 'not compiled' = 'not compiled';
  return {
    placeOf: (group) => placeOfGroup(translated, group),
    lastGroup: translated.numbers.at(-1) ?? 0,
    matches: (input, { timeoutMs, limit = Number.POSITIVE_INFINITY }) => {
      if (isQuick(input)) return matchNative(native, input, limit);
      if (linear === 'not compiled') linear = compileLinear(translated.re2, size, runBounded);
      const program = linear;
      if (program === undefined || !fitsLinear(translated, input)) {
        return runBounded(() => matchNative(native, input, limit), timeoutMs);
      }
      const match = () => matchLinear(program, input, limit);
      return size * input.length * input.length <= UNWATCHED_COST ? match() : runBounded(match, timeoutMs);
    },
  };
}

/**
 * Whether JavaScript matches an input of some length soon enough to go unwatched: without groups and with one repetition at
 * most, backtracking costs no more than the square of the length.
 */
function quickness(pattern: string): (input: string) => boolean {
  const bare = pattern.replaceAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, '');
  const repetitions = bare.match(/[*+?{]/g)?.length ?? 0;
  if (bare.includes('(') || repetitions > 1) return () => false;
  const least = pattern.length + 1;
  return ({ length }) => least * length * (repetitions === 0 ? 1 : length) <= UNWATCHED_COST;
}

/** Length of the pattern times its largest repetition: a rough measure of the compiled program. */
function sizeOf(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)].map((match) =>
    Number(match[2] ?? match[1] ?? 1),
  );
  return pattern.length * Math.max(1, ...counts);
}

/** The places of groups (flag `d`) cost time, and are asked for only when there are groups. */
function compileNative({ js, flags, groups }: TranslatedRegex): RegExp {
  try {
    return new RegExp(js, groups.length === 0 ? flags.replace('d', '') : flags);
  } catch (cause) {
    return invalidRegex(cause instanceof Error ? cause.message : 'it cannot be compiled');
  }
}

/** Undefined when RE2 has no such construct, repeats too often, or takes too long to compile: JavaScript matches it then. */
function compileLinear(re2: string | undefined, size: number, runBounded: RunBounded): RE2JS | undefined {
  if (re2 === undefined) return undefined;
  try {
    const compile = () => RE2JS.compile(re2);
    return size <= UNWATCHED_SIZE ? compile() : runBounded(compile, COMPILE_TIMEOUT_MS);
  } catch {
    return undefined;
  }
}

function fitsLinear({ asciiOnly, beforeFinalNewline }: TranslatedRegex, input: string): boolean {
  return !(beforeFinalNewline && input.endsWith('\n')) && (!asciiOnly || ASCII.test(input));
}

function matchLinear(program: RE2JS, input: string, limit: number): readonly RegexMatch[] {
  const matcher = program.matcher(input);
  const found: RegexMatch[] = [];
  let from = 0;
  while (from <= input.length && found.length < limit && matcher.find(from)) {
    const whole = { start: matcher.start(), end: matcher.end() };
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => {
      const start = matcher.start(index + 1);
      return start < 0 ? undefined : { start, end: matcher.end(index + 1) };
    });
    found.push([whole, ...groups]);
    from = nextSearch(input, whole);
  }
  return found;
}

function matchNative(pattern: RegExp, input: string, limit: number): readonly RegexMatch[] {
  const found: RegexMatch[] = [];
  pattern.lastIndex = 0;
  while (found.length < limit) {
    const match = pattern.exec(input);
    if (match === null) break;
    const whole = { start: match.index, end: match.index + match[0].length };
    if (match.indices === undefined) found.push([whole]);
    else {
      const ranges = match.indices.slice(1);
      const groups = ranges.map((range) => (range === undefined ? undefined : { start: range[0], end: range[1] }));
      found.push([whole, ...groups]);
    }
    pattern.lastIndex = nextSearch(input, whole);
    if (pattern.lastIndex > input.length) break;
  }
  return found;
}

/** After a match the search goes on at its end, after an empty one a character further (.NET considers an empty match there). */
function nextSearch(input: string, { start, end }: TextRange): number {
  if (end > start) return end;
  return end + ((input.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
}
