/**
 * Character classes of .NET regular expressions (expressions.md 6.3), written in the syntax of JavaScript's `v` flag.
 * RE2 reads the same text with `\x{…}` in place of `\u{…}`, apart from subtraction and nested classes.
 */
import { ExpressionError } from './expression-error.ts';

/** One piece of a pattern in both dialects; `re2` undefined when RE2 cannot express it. */
export type RegexFragment = { readonly js: string; readonly re2: string | undefined };

/** What .NET calls a word character. */
export const WORD = '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}';

const SPACE =
  '\\u{9}-\\u{D}\\u{20}\\u{85}\\u{A0}\\u{1680}\\u{2000}-\\u{200A}\\u{2028}\\u{2029}\\u{202F}\\u{205F}\\u{3000}';
const NOT_SPACE =
  '\\u{0}-\\u{8}\\u{E}-\\u{1F}\\u{21}-\\u{84}\\u{86}-\\u{9F}\\u{A1}-\\u{167F}\\u{1681}-\\u{1FFF}' +
  '\\u{200B}-\\u{2027}\\u{202A}-\\u{202E}\\u{2030}-\\u{205E}\\u{2060}-\\u{2FFF}\\u{3001}-\\u{10FFFF}';

const SHORTHANDS: ReadonlyMap<string, RegexFragment> = new Map([
  ['d', both('\\p{Nd}')],
  ['D', both('\\P{Nd}')],
  ['w', both(WORD)],
  ['W', { js: `[^${WORD}]`, re2: undefined }],
  ['s', both(SPACE)],
  ['S', both(NOT_SPACE)],
]);

const CATEGORIES: ReadonlySet<string> = new Set(
  'L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn'.split(' '),
);

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['e', 27],
]);

/** The same text in both dialects. */
export function both(text: string): RegexFragment {
  return { js: text, re2: text };
}

/** One character, escaped so that it stands for itself inside and outside of a class. */
export function literal(codePoint: number): string {
  const text = String.fromCodePoint(codePoint);
  return /^[A-Za-z0-9]$/.test(text) ? text : `\\u{${codePoint.toString(16).toUpperCase()}}`;
}

/** The character at `position` with its low surrogate. @throws ExpressionError `InvalidRegex` past the end */
export function codePointAt(pattern: string, position: number): number {
  return pattern.codePointAt(position) ?? invalidRegex('it ends too early');
}

/** A shorthand or category such as `\d` or `\p{Lu}` at a backslash, as members of a class; undefined when it is none. */
export function readShorthand(
  pattern: string,
  position: number,
): { readonly fragment: RegexFragment; readonly end: number } | undefined {
  const letter = pattern.charAt(position + 1);
  const fragment = SHORTHANDS.get(letter);
  if (fragment !== undefined) return { fragment, end: position + 2 };
  if (letter !== 'p' && letter !== 'P') return undefined;
  const close = pattern.indexOf('}', position);
  const name = pattern.charAt(position + 2) === '{' && close > 0 ? pattern.slice(position + 3, close) : '';
  if (!CATEGORIES.has(name)) {
    return invalidRegex(`\\${letter}{${name.slice(0, 40)}} is not a general category (named blocks are not supported)`);
  }
  return { fragment: both(`\\${letter}{${name}}`), end: close + 1 };
}

/**
 * The character an escape stands for, with the position after it.
 * @throws ExpressionError `InvalidRegex` for letters and digits that are no escape, as in .NET
 */
export function readCharacterEscape(
  pattern: string,
  position: number,
): { readonly codePoint: number; readonly end: number } {
  const letter = pattern.charAt(position + 1);
  const control = CONTROL_ESCAPES.get(letter);
  if (control !== undefined) return { codePoint: control, end: position + 2 };
  const rest = pattern.slice(position + 1, position + 6);
  const code = /^(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/.exec(rest);
  if (code !== null)
    return { codePoint: Number.parseInt(code[1] ?? code[2] ?? '0', 16), end: position + 1 + code[0].length };
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null) return { codePoint: Number.parseInt(octal[0], 8) % 256, end: position + 1 + octal[0].length };
  const byControl = /^c([A-Za-z@[\\\]^_])/.exec(rest);
  if (byControl !== null) return { codePoint: (byControl[1] ?? '').charCodeAt(0) % 32, end: position + 3 };
  const codePoint = codePointAt(pattern, position + 1);
  const character = String.fromCodePoint(codePoint);
  if (/[\p{L}\p{Nd}_]/u.test(character)) invalidRegex(`\\${character} is not an escape`);
  return { codePoint, end: position + 1 + character.length };
}

/** The class that opens at `position`, with the position after it. @throws ExpressionError `InvalidRegex` */
export function readClass(
  pattern: string,
  position: number,
  depth = 0,
): { readonly fragment: RegexFragment; readonly end: number } {
  if (depth > 20) invalidRegex('character classes are nested too deeply');
  const isNegated = pattern.charAt(position + 1) === '^';
  let next = position + (isNegated ? 2 : 1);
  const first = next;
  const members: RegexFragment[] = [];
  let minus: RegexFragment | undefined;
  while (pattern.charAt(next) !== ']' || next === first) {
    if (next >= pattern.length) invalidRegex('a character class has no closing bracket');
    if (pattern.startsWith('-[', next) && members.length > 0) {
      const inner = readClass(pattern, next + 1, depth + 1);
      minus = inner.fragment;
      next = inner.end;
      if (pattern.charAt(next) !== ']') invalidRegex('a subtraction must be the last part of a character class');
      break;
    }
    const member = readMember(pattern, next);
    members.push(member.fragment);
    next = member.end;
  }
  return { fragment: assembleClass(members, isNegated, minus), end: next + 1 };
}

function assembleClass(
  members: readonly RegexFragment[],
  isNegated: boolean,
  minus: RegexFragment | undefined,
): RegexFragment {
  const open = isNegated ? '[^' : '[';
  const js = `${open}${members.map((member) => member.js).join('')}]`;
  if (minus !== undefined) return { js: `[${js}--${minus.js}]`, re2: undefined };
  const re2 = members.every((member) => member.re2 !== undefined)
    ? `${open}${members.map((member) => member.re2).join('')}]`
    : undefined;
  return { js, re2 };
}

/** A character, a range, or a shorthand inside a class. */
function readMember(pattern: string, position: number): { readonly fragment: RegexFragment; readonly end: number } {
  const shorthand = pattern.charAt(position) === '\\' ? readShorthand(pattern, position) : undefined;
  if (shorthand !== undefined) return shorthand;
  const from = readClassCharacter(pattern, position);
  const isRange = pattern.charAt(from.end) === '-' && !/^-(?:\]|\[|$)/.test(pattern.slice(from.end, from.end + 2));
  if (!isRange) return { fragment: both(literal(from.codePoint)), end: from.end };
  if (pattern.charAt(from.end + 1) === '\\' && readShorthand(pattern, from.end + 1) !== undefined) {
    return invalidRegex('a range in a character class ends with a class');
  }
  const to = readClassCharacter(pattern, from.end + 1);
  if (to.codePoint < from.codePoint) invalidRegex('a range in a character class is in reverse order');
  return { fragment: both(`${literal(from.codePoint)}-${literal(to.codePoint)}`), end: to.end };
}

function readClassCharacter(pattern: string, position: number): { readonly codePoint: number; readonly end: number } {
  if (pattern.startsWith('\\b', position)) return { codePoint: 8, end: position + 2 };
  if (pattern.charAt(position) === '\\') return readCharacterEscape(pattern, position);
  const codePoint = codePointAt(pattern, position);
  return { codePoint, end: position + String.fromCodePoint(codePoint).length };
}

/** @throws ExpressionError `InvalidRegex`, always */
export function invalidRegex(reason: string): never {
  throw new ExpressionError('InvalidRegex', `the regular expression is not usable: ${reason}`);
}
