/** Text → tokens (expressions.md 2). Errors carry a hint, because pasted expressions fail in a few well-known ways. */
import { ExpressionError } from './expression-error.ts';

export type TokenKind = 'identifier' | 'attribute' | 'text' | 'number' | '(' | ')' | ',' | '&' | 'comparison' | 'end';

export type Token = {
  readonly kind: TokenKind;
  /** What it stands for: name, text without quotes and escapes, decimal digits, or the operator. */
  readonly value: string;
  readonly start: number;
  readonly length: number;
};

const WHITE_SPACE = /[ \t\r\n]*/y;
const IDENTIFIER = /[A-Za-z][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y;
const HEXADECIMAL = /&[Hh]([0-9A-Fa-f]+)/y;
const TEXT = /"((?:[^"\\]|\\[\s\S])*)"/y;
const ATTRIBUTE = /\[((?:[^[\]]|\[(?:[^[\]"]|"(?:[^"\\]|\\[\s\S])*")*\])+)\]/y;
const COMPARISON = /<>|>=|<=|=|>|</y;

/** Kinds after which an operator may follow: a `&` there is the operator, never the start of a hexadecimal number. */
const ENDS_PRIMARY: ReadonlySet<TokenKind> = new Set(['identifier', 'attribute', 'text', 'number', ')']);

/** The tokens of `text`, ending with one of kind `end`. @throws ExpressionError `ParseError` */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = matchAt(WHITE_SPACE, text, 0)?.[0].length ?? 0;
  let afterPrimary = false;
  while (position < text.length) {
    const token = nextToken(text, position, afterPrimary);
    tokens.push(token);
    afterPrimary = ENDS_PRIMARY.has(token.kind);
    position += token.length;
    position += matchAt(WHITE_SPACE, text, position)?.[0].length ?? 0;
  }
  tokens.push({ kind: 'end', value: '', start: text.length, length: 0 });
  return tokens;
}

function nextToken(text: string, start: number, afterPrimary: boolean): Token {
  const character = text.charAt(start);
  const token = (kind: TokenKind, value: string, length: number): Token => ({ kind, value, start, length });
  if (character === '(' || character === ')' || character === ',') return token(character, character, 1);
  const hexadecimal = afterPrimary ? undefined : matchAt(HEXADECIMAL, text, start);
  if (hexadecimal !== undefined) {
    return token('number', BigInt(`0x${hexadecimal[1] ?? '0'}`).toString(), hexadecimal[0].length);
  }
  if (character === '&') return token('&', '&', 1);
  const quoted = matchAt(TEXT, text, start);
  if (quoted !== undefined) return token('text', unescapeText(quoted[1] ?? ''), quoted[0].length);
  const attribute = matchAt(ATTRIBUTE, text, start);
  if (attribute !== undefined) return token('attribute', attribute[1] ?? '', attribute[0].length);
  for (const [kind, pattern] of [
    ['identifier', IDENTIFIER],
    ['number', NUMBER],
    ['comparison', COMPARISON],
  ] as const) {
    const match = matchAt(pattern, text, start);
    if (match !== undefined) return token(kind, match[0], match[0].length);
  }
  throw new ExpressionError('ParseError', describeUnexpected(text, start), { position: start });
}

/** The pattern's match exactly at `position`. Sticky patterns keep no state between calls because `lastIndex` is set first. */
function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}

/** `\"` and `\\` are escapes; any other backslash stays, so that `"\+"` and `"\\+"` both reach a pattern as `\+` (G-3). */
function unescapeText(inner: string): string {
  return inner.replaceAll(/\\(["\\])/g, '$1');
}

function describeUnexpected(text: string, start: number): string {
  const character = text.charAt(start);
  switch (character) {
    case '"':
      return 'this text has no closing quotation mark (inside a text, a quotation mark is written \\")';
    case '[':
      return text.startsWith('[]', start)
        ? 'an attribute name is missing between the brackets'
        : 'this attribute has no closing bracket';
    case ']':
      return 'a closing bracket without an opening one';
    case "'":
    case '\u2018':
    case '\u2019':
    case '\u201C':
    case '\u201D':
    case '\u201E':
      return `texts are delimited by straight double quotation marks ("), not by ${character}`;
    case '+':
      return 'there is no + operator; join texts with Join or Append';
    default:
      return /\s|\u200B/.test(character)
        ? `the blank here is U+${hex(character)}, not an ordinary space; retype it (text pasted from web pages often carries such blanks)`
        : `unexpected character ${character} (U+${hex(character)})`;
  }
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
