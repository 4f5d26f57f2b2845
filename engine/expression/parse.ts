/**
 * Tokens → tree, by recursive descent (expressions.md 3.1):
 *
 *     expression  = comparison ;
 *     comparison  = concat, [ comp-op, concat ] ;
 *     concat      = primary, { "&", primary } ;
 *     primary     = call | attribute | text | number | constant ;
 *     call        = identifier, "(", [ argument ], { ",", [ argument ] }, ")" ;
 *     argument    = comparison ;
 */
import { suggest } from '../model/suggest.ts';
import type { ComparisonOperator, ExpressionNode } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { MAX_DEPTH, MAX_EXPRESSION_LENGTH } from './limits.ts';
import { type Token, type TokenKind, tokenize } from './tokenize.ts';

/** Bare constants accepted everywhere (G-10). */
export const BARE_CONSTANTS: readonly string[] = [
  'False',
  'IgnoreAttributeFlow',
  'IgnoreObjectFlow',
  'True',
  'vbBinaryCompare',
  'vbTextCompare',
];

/** Bare constants accepted as arguments of one function only (expressions.md 8.5). */
const CONSTANTS_OF_FUNCTION: ReadonlyMap<string, readonly string[]> = new Map([
  ['ConvertFromBase64', ['ASCII', 'UTF8', 'Unicode']],
]);

const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '>', '>=', '<', '<=']);

type Parser = {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
  /** The function whose arguments are being read. */
  within: string | undefined;
};

/**
 * The tree of `text`.
 * @throws ExpressionError `ParseError` or `ExpressionTooLong`
 */
export function parseExpression(text: string): ExpressionNode {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    throw new ExpressionError(
      'ExpressionTooLong',
      `the expression has ${text.length} characters; at most ${MAX_EXPRESSION_LENGTH} are allowed`,
      { position: MAX_EXPRESSION_LENGTH },
    );
  }
  const parser: Parser = { tokens: tokenize(text), next: 0, depth: 0, within: undefined };
  const node = parseComparison(parser);
  const token = peek(parser);
  if (token.kind !== 'end') fail(token, describeTrailing(token));
  return node;
}

function parseComparison(parser: Parser): ExpressionNode {
  const left = parseConcat(parser);
  const operator = peek(parser);
  if (operator.kind !== 'comparison' || !isOperator(operator.value)) return left;
  parser.next += 1;
  const right = parseConcat(parser);
  const following = peek(parser);
  if (following.kind === 'comparison') {
    fail(following, 'comparisons cannot be chained; nest IIF to combine conditions');
  }
  return { kind: 'comparison', operator: operator.value, left, right, ...spanning(left, right) };
}

function isOperator(text: string): text is ComparisonOperator {
  return OPERATORS.has(text);
}

function parseConcat(parser: Parser): ExpressionNode {
  let left = parsePrimary(parser);
  for (let operands = 1; peek(parser).kind === '&'; operands++) {
    if (operands === MAX_DEPTH) fail(peek(parser), `more than ${MAX_DEPTH} texts are concatenated; use Join`);
    parser.next += 1;
    const right = parsePrimary(parser);
    left = { kind: 'concat', left, right, ...spanning(left, right) };
  }
  return left;
}

function parsePrimary(parser: Parser): ExpressionNode {
  const token = peek(parser);
  const { start, length, value } = token;
  parser.next += 1;
  switch (token.kind) {
    case 'attribute':
      return { kind: 'attribute', name: value, start, length };
    case 'text':
    case 'number':
      return { kind: 'constant', form: token.kind, value, start, length };
    case 'identifier':
      return peek(parser).kind === '(' ? parseCall(parser, token) : parseConstant(parser, token);
    case 'end':
      return fail(token, 'the expression ends too early: a function, [attribute] or "text" is missing here');
    default:
      return fail(token, `a function, [attribute] or "text" is missing before ${value}`);
  }
}

function parseConstant(parser: Parser, token: Token): ExpressionNode {
  const { value, start, length } = token;
  const local = CONSTANTS_OF_FUNCTION.get(parser.within ?? '') ?? [];
  if (!BARE_CONSTANTS.includes(value) && !local.includes(value)) {
    const near = suggest(value, [...BARE_CONSTANTS, ...local]);
    const hint =
      near === undefined ? `write [${value}] for an attribute or "${value}" for a text` : `did you mean ${near}?`;
    fail(token, `${value} is not a constant of the language; ${hint}`);
  }
  return { kind: 'constant', form: 'name', value, start, length };
}

function parseCall(parser: Parser, name: Token): ExpressionNode {
  const outer = parser.within;
  parser.within = name.value;
  parser.depth += 1;
  if (parser.depth > MAX_DEPTH) fail(name, `calls are nested deeper than ${MAX_DEPTH} levels`);
  parser.next += 1;
  const list: (ExpressionNode | undefined)[] = [parseArgument(parser)];
  while (peek(parser).kind === ',') {
    parser.next += 1;
    list.push(parseArgument(parser));
  }
  const close = peek(parser);
  if (close.kind !== ')') fail(close, describeUnclosed(close, name.value));
  parser.next += 1;
  parser.depth -= 1;
  parser.within = outer;
  const isEmpty = list.length === 1 && list[0] === undefined;
  const length = close.start + close.length - name.start;
  return { kind: 'call', name: name.value, arguments: isEmpty ? [] : list, start: name.start, length };
}

/** An empty position is an omitted argument (G-6). */
function parseArgument(parser: Parser): ExpressionNode | undefined {
  const { kind } = peek(parser);
  return kind === ',' || kind === ')' ? undefined : parseComparison(parser);
}

const STARTS_PRIMARY: ReadonlySet<TokenKind> = new Set(['identifier', 'attribute', 'text', 'number']);

function describeUnclosed(token: Token, name: string): string {
  if (token.kind === 'end') return `${name} has no closing parenthesis`;
  if (token.kind === 'identifier' && /^(and|or)$/i.test(token.value)) return describeTrailing(token);
  if (token.kind === 'text') {
    return 'a comma is missing between two arguments (a quotation mark inside a text is written \\", not doubled)';
  }
  return STARTS_PRIMARY.has(token.kind) ? 'a comma is missing between two arguments' : `unexpected ${token.value}`;
}

function describeTrailing(token: Token): string {
  if (token.kind === 'identifier' && /^(and|or)$/i.test(token.value)) {
    return `there is no ${token.value} operator; nest a second IIF in the true branch for AND, in the false branch for OR`;
  }
  if (token.kind === 'text') return 'a second text follows directly (a quotation mark inside a text is written \\")';
  return `unexpected ${token.value} after the end of the expression`;
}

function peek(parser: Parser): Token {
  return parser.tokens[parser.next] ?? { kind: 'end', value: '', start: 0, length: 0 };
}

function spanning(first: ExpressionNode, last: ExpressionNode): { readonly start: number; readonly length: number } {
  return { start: first.start, length: last.start + last.length - first.start };
}

function fail(token: Token, message: string): never {
  throw new ExpressionError('ParseError', message, { position: token.start, length: token.length });
}
