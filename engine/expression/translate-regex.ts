/** .NET regular expression → JavaScript (flag `v`) and, where it can be matched in linear time, RE2 (expressions.md 6.3). */
import {
  both,
  codePointAt,
  invalidRegex,
  literal,
  type RegexFragment,
  readCharacterEscape,
  readClass,
  readShorthand,
  WORD,
} from './regex-class.ts';

export type TranslatedRegex = {
  /** For `new RegExp(js, flags)`; all groups are unnamed. */
  readonly js: string;
  readonly flags: string;
  /** The same for RE2; undefined for look-around, back-references and class subtraction. */
  readonly re2: string | undefined;
  /** `\b` in RE2 knows ASCII letters only: for other input `js` must be used. */
  readonly asciiOnly: boolean;
  /** `$` in RE2 does not match before a final line feed: for input that ends with one `js` must be used. */
  readonly beforeFinalNewline: boolean;
  /** Capturing groups in order of their opening parenthesis; the first is group 1 of both dialects. */
  readonly groups: readonly { readonly name: string | undefined }[];
  /** .NET group number (unnamed groups first) → position in `groups` + 1. */
  readonly numbers: readonly number[];
};

type Options = { readonly s: boolean; readonly m: boolean; readonly x: boolean; readonly n: boolean };

type Translation = {
  readonly pattern: string;
  /** From a first pass; undefined during it. */
  readonly known: Pick<TranslatedRegex, 'groups' | 'numbers'> | undefined;
  position: number;
  depth: number;
  options: Options;
  ignoreCase: boolean;
  /** Whether anything that matches came before: then `(?i)` would cover only a part. */
  started: boolean;
  asciiOnly: boolean;
  beforeFinalNewline: boolean;
  readonly groups: { readonly name: string | undefined }[];
};

const MAX_PATTERN_LENGTH = 10_000;
const MAX_GROUP_DEPTH = 200;
const BOUNDARY = `[${WORD}\\u{200C}\\u{200D}]`;
const NO_OPTIONS: Options = { s: false, m: false, x: false, n: false };

/** `pattern` in both dialects. @throws ExpressionError `InvalidRegex` for what .NET rejects and for what cannot be emulated */
export function translateRegex(pattern: string): TranslatedRegex {
  if (pattern.length > MAX_PATTERN_LENGTH) invalidRegex(`it is longer than ${MAX_PATTERN_LENGTH} characters`);
  const first = begin(pattern, undefined);
  translateAll(first);
  const known = { groups: first.groups, numbers: numberGroups(first.groups) };
  const second = begin(pattern, known);
  const { js, re2 } = translateAll(second);
  return {
    ...known,
    js,
    flags: second.ignoreCase ? 'dgiv' : 'dgv',
    re2: re2 === undefined ? undefined : `${second.ignoreCase ? '(?i)' : ''}${re2.replaceAll('\\u{', '\\x{')}`,
    asciiOnly: second.asciiOnly,
    beforeFinalNewline: second.beforeFinalNewline,
  };
}

function begin(pattern: string, known: Translation['known']): Translation {
  return {
    pattern,
    known,
    position: 0,
    depth: 0,
    options: NO_OPTIONS,
    ignoreCase: false,
    started: false,
    asciiOnly: false,
    beforeFinalNewline: false,
    groups: [],
  };
}

function numberGroups(groups: Translation['groups']): readonly number[] {
  const places = groups.map((group, index) => ({ isNamed: group.name !== undefined, place: index + 1 }));
  return [0, ...[false, true].flatMap((isNamed) => places.filter((p) => p.isNamed === isNamed).map((p) => p.place))];
}

function translateAll(state: Translation): RegexFragment {
  const fragment = readAlternatives(state);
  if (state.position < state.pattern.length) invalidRegex('a closing parenthesis has no opening one');
  return fragment;
}

function readAlternatives(state: Translation): RegexFragment {
  const outer = state.options;
  state.depth += 1;
  if (state.depth > MAX_GROUP_DEPTH) invalidRegex('groups are nested too deeply');
  const parts: RegexFragment[] = [];
  for (;;) {
    const character = state.pattern.charAt(state.position);
    if (character === '' || character === ')') break;
    if (character === '|') {
      state.position += 1;
      parts.push(both('|'));
    } else if (!skipIgnored(state)) {
      parts.push(readQuantified(state));
    }
  }
  state.depth -= 1;
  state.options = outer;
  return concatenate(parts);
}

function concatenate(parts: readonly RegexFragment[]): RegexFragment {
  const js = parts.map((part) => part.js).join('');
  return {
    js,
    re2: parts.every((part) => part.re2 !== undefined) ? parts.map((part) => part.re2).join('') : undefined,
  };
}

/** Steps over a comment, option group, or (option x) white space; false when there is none. */
function skipIgnored(state: Translation): boolean {
  const { pattern, position, options } = state;
  const comment = /^\(\?#[^)]*\)/.exec(pattern.slice(position));
  const ignored = options.x ? /^(?:[\t-\r ]+|#[^\n]*)/.exec(pattern.slice(position)) : null;
  const length = comment?.[0].length ?? ignored?.[0].length;
  if (length !== undefined) {
    state.position += length;
    return true;
  }
  const flags = /^\(\?([imnsx]*)(?:-([imnsx]*))?\)/.exec(pattern.slice(position, position + 20));
  if (flags === null) return false;
  state.position += flags[0].length;
  setOptions(state, flags[1] ?? '', flags[2] ?? '');
  return true;
}

function setOptions(state: Translation, on: string, off: string): void {
  const decide = (letter: 's' | 'm' | 'x' | 'n') =>
    off.includes(letter) ? false : on.includes(letter) || state.options[letter];
  state.options = { s: decide('s'), m: decide('m'), x: decide('x'), n: decide('n') };
  const ignoreCase = off.includes('i') ? false : on.includes('i') || state.ignoreCase;
  if (ignoreCase === state.ignoreCase) return;
  if (state.started || state.depth > 1) invalidRegex('(?i) is supported only when it covers the whole pattern');
  state.ignoreCase = ignoreCase;
}

function readQuantified(state: Translation): RegexFragment {
  const atom = readAtom(state);
  state.started = true;
  while (skipIgnored(state));
  const quantifier = matchQuantifier(state);
  if (quantifier === undefined) return atom;
  state.position += quantifier.length;
  while (skipIgnored(state));
  if (matchQuantifier(state) !== undefined) invalidRegex('a quantifier follows a quantifier');
  return { js: atom.js + quantifier, re2: atom.re2 === undefined ? undefined : atom.re2 + quantifier };
}

function matchQuantifier(state: Translation): string | undefined {
  const match = /^(?:[*+?]|\{([0-9]{1,9})(?:,([0-9]{1,9})?)?\})\??/.exec(
    state.pattern.slice(state.position, state.position + 24),
  );
  if (match === null) return undefined;
  if (match[2] !== undefined && Number(match[2]) < Number(match[1])) invalidRegex('a quantifier is in reverse order');
  return match[0];
}

function readAtom(state: Translation): RegexFragment {
  const { pattern, position } = state;
  switch (pattern.charAt(position)) {
    case '(':
      return readGroup(state);
    case '[': {
      const { fragment, end } = readClass(pattern, position);
      state.position = end;
      return fragment;
    }
    case '\\':
      return readEscape(state);
    case '.':
      state.position += 1;
      return both(state.options.s ? '[\\u{0}-\\u{10FFFF}]' : '[^\\u{A}]');
    case '^':
      state.position += 1;
      return state.options.m ? { js: '(?:(?<![^\\u{A}]))', re2: '(?m:^)' } : both('(?:^)');
    case '$':
      state.position += 1;
      return state.options.m ? { js: '(?:(?![^\\u{A}]))', re2: '(?m:$)' } : endOfText(state);
    case '*':
    case '+':
    case '?':
      return invalidRegex('a quantifier has nothing to repeat');
    default: {
      if (matchQuantifier(state) !== undefined) invalidRegex('a quantifier has nothing to repeat');
      const codePoint = codePointAt(pattern, position);
      state.position += String.fromCodePoint(codePoint).length;
      return both(literal(codePoint));
    }
  }
}

/** The end, or before a final line feed. */
function endOfText(state: Translation): RegexFragment {
  state.beforeFinalNewline = true;
  return { js: '(?:(?=\\u{A}?$))', re2: '(?:\\z)' };
}

function readEscape(state: Translation): RegexFragment {
  const { pattern, position } = state;
  const letter = pattern.charAt(position + 1);
  if (letter === '') invalidRegex('it ends with a backslash');
  if ('AZzbBG'.includes(letter)) return readAssertion(state, letter);
  if (letter === 'k' || /[1-9]/.test(letter)) {
    const reference = readBackReference(state);
    if (reference !== undefined) return reference;
  }
  const shorthand = readShorthand(pattern, position);
  if (shorthand !== undefined) {
    state.position = shorthand.end;
    const { js, re2 } = shorthand.fragment;
    return letter === 'W' ? both(`[^${WORD}]`) : { js: `[${js}]`, re2: re2 === undefined ? undefined : `[${re2}]` };
  }
  const { codePoint, end } = readCharacterEscape(pattern, position);
  state.position = end;
  return both(literal(codePoint));
}

function readAssertion(state: Translation, letter: string): RegexFragment {
  state.position += 2;
  switch (letter) {
    case 'A':
      return both('(?:^)');
    case 'z':
      return { js: '(?:$)', re2: '(?:\\z)' };
    case 'Z':
      return endOfText(state);
    case 'G':
      return invalidRegex('\\G is not supported');
    default:
      state.asciiOnly = true;
      return letter === 'b'
        ? { js: `(?:(?<=${BOUNDARY})(?!${BOUNDARY})|(?<!${BOUNDARY})(?=${BOUNDARY}))`, re2: '(?:\\b)' }
        : { js: `(?:(?<=${BOUNDARY})(?=${BOUNDARY})|(?<!${BOUNDARY})(?!${BOUNDARY}))`, re2: '(?:\\B)' };
  }
}

/** `\1`, `\k<name>`, `\k'name'`; undefined for a number that is no group, from 10 on an octal escape. */
function readBackReference(state: Translation): RegexFragment | undefined {
  const rest = state.pattern.slice(state.position, state.position + 260);
  const match = /^\\(?:([1-9][0-9]{0,2})|k<([A-Za-z0-9_]+)>|k'([A-Za-z0-9_]+)')/.exec(rest);
  if (match === null) return invalidRegex('\\k needs a group name');
  const name = match[1] ?? match[2] ?? match[3] ?? '';
  const { known } = state;
  const place = known === undefined ? 1 : placeOfGroup(known, name);
  if (place === undefined) {
    return name.length > 1 && match[1] !== undefined ? undefined : invalidRegex(`there is no group ${name}`);
  }
  state.position += match[0].length;
  return { js: known === undefined ? '' : `(?:\\${place})`, re2: undefined };
}

/** Position (from 1) of the group with this name or .NET number, or undefined when there is none. */
export function placeOfGroup(known: Pick<TranslatedRegex, 'groups' | 'numbers'>, name: string): number | undefined {
  if (/^[0-9]+$/.test(name)) return known.numbers[Number(name)];
  const index = known.groups.findIndex((group) => group.name === name);
  return index < 0 ? undefined : index + 1;
}

function readGroup(state: Translation): RegexFragment {
  const rest = state.pattern.slice(state.position, state.position + 260);
  const named = /^\(\?(?:<([A-Za-z_][A-Za-z0-9_]*)>|'([A-Za-z_][A-Za-z0-9_]*)')/.exec(rest);
  if (named !== null) return readCapturing(state, named[0].length, named[1] ?? named[2]);
  const look = /^\(\?(?:<?[=!])/.exec(rest)?.[0];
  if (look !== undefined) return { js: `(?:${look}${readInner(state, look.length).js}))`, re2: undefined };
  const scoped = /^\(\?([imnsx]*)(?:-([imnsx]*))?:/.exec(rest);
  if (scoped !== null) return readScoped(state, scoped);
  if (rest.startsWith('(?')) {
    return invalidRegex(`the group ${rest.slice(0, 4)} (atomic, balancing, conditional or numbered) is not supported`);
  }
  return state.options.n ? wrap('(?:', readInner(state, 1)) : readCapturing(state, 1, undefined);
}

function readCapturing(state: Translation, length: number, name: string | undefined): RegexFragment {
  if (name !== undefined && state.groups.some((group) => group.name === name)) {
    invalidRegex(`the group name ${name} is used twice`);
  }
  state.groups.push({ name });
  return wrap('(', readInner(state, length));
}

/** `(?:…)`, `(?s-m:…)`. Option i may be set only by a group that is the whole pattern. */
function readScoped(state: Translation, match: RegExpExecArray): RegexFragment {
  const outer = state.options;
  const outerCase = state.ignoreCase;
  setOptions(state, match[1] ?? '', match[2] ?? '');
  const inner = readInner(state, match[0].length);
  state.options = outer;
  if (state.ignoreCase !== outerCase && state.position < state.pattern.length) {
    invalidRegex('(?i:…) is supported only when it covers the whole pattern');
  }
  return wrap('(?:', inner);
}

/** What stands between the opening of `length` characters and the closing parenthesis, both of which are stepped over. */
function readInner(state: Translation, length: number): RegexFragment {
  state.position += length;
  const inner = readAlternatives(state);
  if (state.pattern.charAt(state.position) !== ')') invalidRegex('a group has no closing parenthesis');
  state.position += 1;
  return inner;
}

function wrap(open: string, inner: RegexFragment): RegexFragment {
  return { js: `${open}${inner.js})`, re2: inner.re2 === undefined ? undefined : `${open}${inner.re2})` };
}
