/**
 * Throws seeded, generated expressions at the built engine: `npm run fuzz:expressions -- [inputs] [seed]`.
 * Fails on anything thrown that is not a located ExpressionError, on a tree that does not survive printing, and on any evaluation
 * over 50 ms. What counts is the smaller of elapsed and processor time, the least of up to four runs, so that a pause of the
 * machine is not blamed on the engine.
 */
import { checkExpression } from '../dist/engine/expression/check.js';
import { compileExpression } from '../dist/engine/expression/evaluate.js';
import { ExpressionError } from '../dist/engine/expression/expression-error.js';
import { parametersFor } from '../dist/engine/expression/function-definition.js';
import { FUNCTIONS } from '../dist/engine/expression/functions/index.js';
import { parseExpression } from '../dist/engine/expression/parse.js';
import { printExpression } from '../dist/engine/expression/print.js';

const SLOW_MS = 50;
const MOST_REPORTS = 20;
const [inputs = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed)) {
  console.error('usage: fuzz-expressions [inputs, default 1000000] [seed, default 1]');
  process.exit(2);
}

/** Mulberry32: the same numbers for the same seed. */
let state = seed;
function below(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}
const pick = (list) => list[below(list.length)];
const times = (most, make) => Array.from({ length: below(most + 1) }, make);

const TEXTS = [
  '',
  'Ada',
  'ada.lovelace@contoso.com',
  'True',
  '0',
  '-1',
  '12',
  '99999999999999999999',
  '2024-02-29',
  'yyyy',
  'd',
  'ww',
  'yyyy-MM-ddTHH:mm:ss.fZ',
  '9999-12-31T23:59:59-14:00',
  'tr-TR',
  'Ǆ İ ß 😀',
  '\ud800',
  `$1\${g}$$$&`,
  ' ',
  ',',
  'a'.repeat(300),
];
const REGEX_PIECES = [
  'a',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\b',
  '[a-z]',
  '[^a]',
  '[a-z-[b]]',
  '(',
  ')',
  '(?:',
  '(?<g>',
  '(?=',
  '(?!',
  '(?<=',
  '|',
  '*',
  '+',
  '?',
  '{2}',
  '{1,30}',
  '{1000}',
  '*?',
  '^',
  '$',
  '\\1',
  '\\k<g>',
  '(?i)',
  '\\p{L}',
  '[',
  ']',
  '\\',
  'x+',
  '(a+)+',
  '(a|a)*',
];
const SOUP = [
  ...FUNCTIONS.map(({ name }) => name),
  '(',
  ')',
  ',',
  '[a]',
  '[list]',
  '"',
  '"x"',
  '&',
  '=',
  '<>',
  '<',
  '1',
  '-5',
  '&HFF',
  ' ',
  '\n',
  '\\',
  "'",
  '\u00a0',
  'True',
  'IgnoreAttributeFlow',
  '[',
  ']',
  'AND',
  '“',
];
const NAMES = ['True', 'False', 'IgnoreAttributeFlow', 'IgnoreObjectFlow', 'vbTextCompare', 'vbBinaryCompare'];
const ATTRIBUTES = ['a', 'list', 'roles', 'missing', 'number', 'long', '__proto__', 'constructor'];
const CALLS = FUNCTIONS.flatMap((definition) =>
  Array.from({ length: 9 }, (_, count) => parametersFor(definition, count)).flatMap((parameters) =>
    parameters === undefined ? [] : [{ name: definition.name, parameters }],
  ),
);

const quote = (text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const regexText = () => times(12, () => pick(REGEX_PIECES)).join('');

function leaf() {
  switch (below(6)) {
    case 0:
    case 1:
      return `[${pick(ATTRIBUTES)}]`;
    case 2:
      return String(below(40) - 5);
    case 3:
      return quote(regexText());
    case 4:
      return below(4) === 0 ? pick(NAMES) : quote(pick(TEXTS));
    default:
      return quote(pick(TEXTS));
  }
}

/** A well-formed expression, most of the time. */
function expression(depth) {
  if (depth === 0 || below(4) === 0) return leaf();
  if (below(8) === 0) return `${operand(depth - 1)} ${pick(['=', '<>', '<', '<=', '>', '>='])} ${operand(depth - 1)}`;
  return operand(depth);
}

function operand(depth) {
  if (depth === 0) return leaf();
  if (below(12) === 0) return `${call(depth - 1)} & ${leaf()}`;
  return call(depth);
}

function call(depth) {
  const { name, parameters } = pick(CALLS);
  const list = parameters.map(({ optional }) => (optional && below(2) === 0 ? '' : expression(Math.max(0, depth - 1))));
  return `${name}(${list.join(', ')})`;
}

/** Replace with a pattern: where the time goes if anywhere. */
function replacement() {
  const source = pick(['[long]', '[a]', '[evil]', quote('aaaa!')]);
  return `Replace(${source}, , ${quote(regexText())}, ${pick(['', quote('g')])}, ${quote(pick(TEXTS))}, ${pick(['', '[evil]'])}, )`;
}

/** `text` with characters changed, cut or doubled. */
function mutate(text) {
  const at = below(text.length + 1);
  switch (below(4)) {
    case 0:
      return text.slice(0, at) + pick(SOUP) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + below(5));
    case 2:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + text.slice(below(at + 1));
  }
}

function input() {
  switch (below(8)) {
    case 0:
      return times(25, () => pick(SOUP)).join('');
    case 1:
      return mutate(expression(3));
    case 2:
      return replacement();
    default:
      return expression(1 + below(4));
  }
}

const SOURCE = {
  a: 'Ada Lovelace',
  list: ['x', 'y', 'x', 'é'],
  roles: [{ id: '1', value: 'Admin', displayName: 'Administrator' }],
  number: 42,
  long: 'The quick brown fox jumps over the lazy dog. '.repeat(10),
  evil: `${'a'.repeat(60)}!`,
};
const CONTEXT = {
  now: '2026-01-01T00:00:00.000Z',
  existing: ['Ada'],
  defaultDomain: 'contoso.com',
  random: (count) => Uint8Array.from({ length: count }, () => below(256)),
  options: { regexTimeoutMs: 20 },
};

/** Runs one input. Returns what came of it, and throws what must not be thrown. */
function run(text) {
  try {
    checkExpression(text);
    const { tree, evaluate } = compileExpression(text);
    const printed = printExpression(tree);
    if (printExpression(parseExpression(printed)) !== printed) throw new Error('does not survive printing');
    evaluate(SOURCE, CONTEXT);
    return 'value';
  } catch (error) {
    if (error instanceof ExpressionError && error.position >= 0 && error.code !== 'EvaluationFailed') return error.code;
    throw error;
  }
}

function timed(text) {
  const start = performance.now();
  const processor = process.cpuUsage();
  const outcome = run(text);
  const elapsedMs = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { outcome, elapsedMs: Math.min(elapsedMs, (user + system) / 1000) };
}

const outcomes = new Map();
const reports = [];
let slowest = { elapsedMs: 0, text: '' };
const started = performance.now();
for (let index = 1; index <= inputs && reports.length < MOST_REPORTS; index++) {
  const text = input();
  try {
    let { outcome, elapsedMs } = timed(text);
    for (let again = 0; again < 3 && elapsedMs > SLOW_MS; again++)
      elapsedMs = Math.min(elapsedMs, timed(text).elapsedMs);
    if (elapsedMs > slowest.elapsedMs) slowest = { elapsedMs, text };
    if (elapsedMs > SLOW_MS) reports.push(`slow (${elapsedMs.toFixed(0)} ms): ${text}`);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  } catch (error) {
    reports.push(`crash: ${text}\n  ${error instanceof Error ? error.stack : String(error)}`);
  }
  if (index % 100_000 === 0) console.error(`${index} inputs, ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

for (const [outcome, count] of [...outcomes].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(9)}  ${outcome}`);
console.log(`slowest: ${slowest.elapsedMs.toFixed(1)} ms  ${slowest.text.slice(0, 200)}`);
for (const report of reports) console.error(report);
console.log(reports.length === 0 ? 'no crash, nothing slow' : `${reports.length} findings (seed ${seed})`);
process.exitCode = reports.length === 0 ? 0 : 1;
