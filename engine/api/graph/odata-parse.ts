/** The grammar of `$filter` (graph-api.md 11.4), and of `tags/any(t:t eq 'x')`. */
import { parseTime } from '../../model/instant.ts';
import { badRequest, type GraphError } from './graph-error.ts';

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** Lower case. */
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'case'; readonly to: 'lower' | 'upper'; readonly of: Operand };

const COMPARISONS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const CALLS = ['contains', 'startswith', 'endswith'] as const;

export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | {
      readonly kind: 'compare';
      readonly operator: (typeof COMPARISONS)[number];
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'call'; readonly name: (typeof CALLS)[number]; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'any'; readonly path: readonly string[]; readonly value: string };

type Token = {
  readonly kind: 'text' | 'time' | 'number' | 'word' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
};

const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /'(?:[^']|'')*'/y],
  ['time', /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['word', /[A-Za-z_@][\w.@]*/y],
  ['sign', /[(),/:]/y],
];

/** Brackets and `not` inside each other at most: as deep as nobody writes them. */
const DEEPEST = 100;

/** @throws GraphError 400 with the place */
export function parseFilter(text: string): FilterNode {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', text: '', at: text.length };
  const isWord = (word: string) => peek().kind === 'word' && peek().text.toLowerCase() === word;
  const isSign = (sign: string) => peek().kind === 'sign' && peek().text === sign;
  const take = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const expect = (sign: string): void => {
    if (!isSign(sign)) throw unreadable(peek(), `"${sign}"`);
    take();
  };

  const parseAny = (word: 'or' | 'and', part: () => FilterNode): FilterNode => {
    const first = part();
    const parts = [first];
    while (isWord(word)) {
      take();
      parts.push(part());
    }
    return parts.length === 1 ? first : { kind: word, parts };
  };
  const parseOr = (): FilterNode => parseAny('or', parseAnd);
  const parseAnd = (): FilterNode => parseAny('and', parseNot);
  let depth = 0;
  const parseNot = (): FilterNode => {
    depth += 1;
    if (depth > DEEPEST) throw tooDeep();
    const node = parseInner();
    depth -= 1;
    return node;
  };
  const parseInner = (): FilterNode => {
    if (isWord('not')) {
      take();
      return { kind: 'not', part: parseNot() };
    }
    if (!isSign('(')) return parseTest();
    take();
    const inner = parseOr();
    expect(')');
    return inner;
  };
  const parseTest = (): FilterNode => {
    const name = CALLS.find(isWord);
    if (name !== undefined && tokens[position + 1]?.text === '(') {
      take();
      take();
      const left = parseOperand();
      expect(',');
      const right = parseOperand();
      expect(')');
      return { kind: 'call', name, left, right };
    }
    const left = parseOperand();
    if (left.kind === 'path' && left.path.at(-1) === 'any' && isSign('(')) return parseMember(left.path.slice(0, -1));
    const operator = COMPARISONS.find(isWord);
    if (operator === undefined) throw unreadable(peek(), `one of ${COMPARISONS.join(', ')}`);
    take();
    return { kind: 'compare', operator, left, right: parseOperand() };
  };
  /** `(t:t eq 'x')` after `tags/any`. */
  const parseMember = (path: readonly string[]): FilterNode => {
    expect('(');
    const variable = take();
    expect(':');
    if (take().text !== variable.text || !isWord('eq')) throw unreadable(peek(), `"${variable.text} eq"`);
    take();
    const value = parseOperand();
    if (value.kind !== 'literal' || typeof value.value !== 'string') throw unreadable(peek(), 'a text');
    expect(')');
    return { kind: 'any', path, value: value.value };
  };
  const parseOperand = (): Operand => {
    const token = take();
    if (token.kind === 'text') return { kind: 'literal', value: token.text.slice(1, -1).replaceAll("''", "'") };
    if (token.kind === 'time') return { kind: 'literal', value: asTime(token) };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind !== 'word') throw unreadable(token, 'a property or a value');
    const word = token.text.toLowerCase();
    if ((word === 'tolower' || word === 'toupper') && isSign('(')) {
      take();
      depth += 1;
      if (depth > DEEPEST) throw tooDeep();
      const of = parseOperand();
      depth -= 1;
      expect(')');
      return { kind: 'case', to: word === 'tolower' ? 'lower' : 'upper', of };
    }
    if (word === 'null') return { kind: 'literal', value: null };
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    const path = [word];
    while (isSign('/')) {
      take();
      const next = take();
      if (next.kind !== 'word') throw unreadable(next, 'a property');
      path.push(next.text.toLowerCase());
    }
    return { kind: 'path', path };
  };

  const node = parseOr();
  if (peek().kind !== 'end') throw unreadable(peek(), '"and", "or" or the end');
  return node;
}

function tooDeep(): GraphError {
  return badRequest(`The $filter goes more than ${DEEPEST} levels deep.`);
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const found = TOKENS.flatMap(([kind, pattern]): readonly Token[] => {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      return match === null ? [] : [{ kind, text: match[0], at }];
    })[0];
    if (found === undefined)
      throw unreadable({ kind: 'sign', text: text[at] ?? '', at }, 'a property, a value or an operator');
    tokens.push(found);
    at += found.text.length;
  }
  return tokens;
}

/** A date alone is its first moment; a time without a zone is UTC. */
function asTime(token: Token): string {
  const { text } = token;
  const full = !text.includes('T') ? `${text}T00:00:00Z` : /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const time = parseTime(full);
  if (time === undefined) throw unreadable(token, 'a time that exists');
  return new Date(time).toISOString();
}

function unreadable({ text, at }: Token, wanted: string): GraphError {
  const found = text === '' ? 'it ends' : `"${text}" stands`;
  return badRequest(`The $filter cannot be read: ${found} at position ${at + 1}, where ${wanted} should be.`);
}
