/**
 * Compiled expressions against the same function written by hand, interleaved in one run; medians of five.
 * `npm run build && node bench/expressions.js [seconds per measurement]`. Prints ratios: 1 is as fast as hand-written code.
 */
import { readFileSync } from 'node:fs';
import { loadMapping } from '../dist/engine/config/load-mapping.js';
import { compileExpression } from '../dist/engine/expression/evaluate.js';
import { compileMapping } from '../dist/engine/map/compile-mapping.js';
import { mapObject } from '../dist/engine/map/map-object.js';

const seconds = Number(process.argv[2] ?? 0.3);
const ROUNDS = 5;
const users = Array.from({ length: 64 }, (_, index) => ({
  userPrincipalName: `user${index}@contoso.com`,
  mail: index % 3 === 0 ? null : `user${index}@contoso.com`,
  mailNickname: `user${index}`,
  displayName: `User Number${index}`,
  givenName: `User${index}`,
  surname: `Number${index}`,
  department: ['Sales', 'IT', 'Finance', 'HR'][index % 4],
  jobTitle: 'Engineer',
  preferredLanguage: 'en-US',
  city: 'Lisbon',
  telephoneNumber: `+351 (21) 555-${1000 + index}`,
  country: 'Portugal',
  employeeId: String(index),
  IsSoftDeleted: index % 5 === 0,
}));
const context = { now: '2026-01-01T00:00:00.000Z', nextId: () => 'id', random: (count) => new Uint8Array(count) };

/** Looks at the result, so that neither side is optimised away. */
function weigh(result) {
  if (typeof result === 'string') return result.charCodeAt(result.length - 1) || 0;
  return result instanceof Map ? result.size : 1;
}

/** Evaluations a second of `run` over all users. */
function measure(run) {
  const until = performance.now() + seconds * 1000;
  let count = 0;
  let sink = 0;
  const began = performance.now();
  while (performance.now() < until) {
    for (let batch = 0; batch < 16; batch += 1) for (const user of users) sink += weigh(run(user));
    count += 16 * users.length;
  }
  if (sink < 0) throw new Error('unreachable');
  return count / ((performance.now() - began) / 1000);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function compare(engine, byHand) {
  const figures = { engine: [], byHand: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    figures.engine.push(measure(engine));
    figures.byHand.push(measure(byHand));
  }
  return { engine: median(figures.engine), byHand: median(figures.byHand) };
}

// By hand, to the same contract: only own properties, null without a value, each item of a list, .NET's 1:1 case mapping.
const read = (user, name) => (Object.hasOwn(user, name) ? (user[name] ?? null) : null);
const present = (value) => value !== null && value !== '';
const each = (value, change) => {
  if (value === null) return null;
  return Array.isArray(value) ? value.map((item) => change(String(item))) : change(String(value));
};
const textsOf = (value) => (value === null ? [] : Array.isArray(value) ? value.map(String) : [String(value)]);
const lower = (text) => {
  const mapped = text.toLowerCase();
  return mapped.length === text.length
    ? mapped
    : [...text].map((one) => (one.toLowerCase().length === 1 ? one.toLowerCase() : one)).join('');
};

const CASES = [
  ['ToLower([userPrincipalName])', 0.25, (user) => each(read(user, 'userPrincipalName'), lower)],
  ['Left([mailNickname], 3)', 0.25, (user) => each(read(user, 'mailNickname'), (text) => text.slice(0, 3))],
  [
    'Append([mailNickname], "@contoso.com")',
    0.25,
    (user) => each(read(user, 'mailNickname'), (text) => `${text}@contoso.com`),
  ],
  [
    'Join(" ", [givenName], [surname])',
    0.25,
    (user) => [...textsOf(read(user, 'givenName')), ...textsOf(read(user, 'surname'))].filter(present).join(' '),
  ],
  [
    'Replace([mailNickname], "user", , , "u", , )',
    0.25,
    (user) => each(read(user, 'mailNickname'), (text) => text.split('user').join('u')),
  ],
  [
    'Replace([telephoneNumber], , "[^0-9+]", , "", , )',
    0.25,
    (user) => each(read(user, 'telephoneNumber'), (text) => text.replace(/[^0-9+]/g, '')),
  ],
  [
    'Coalesce([mail],[userPrincipalName])',
    0.25,
    (user) => (present(read(user, 'mail')) ? read(user, 'mail') : read(user, 'userPrincipalName')),
  ],
  [
    'Switch([department], "other", "Sales", "S", "IT", "I", "Finance", "F")',
    0.1,
    (user) => {
      switch (String(read(user, 'department') ?? '')) {
        case 'Sales':
          return 'S';
        case 'IT':
          return 'I';
        case 'Finance':
          return 'F';
        default:
          return 'other';
      }
    },
  ],
  ['IIF([department]="Sales", "yes", "no")', 0.1, (user) => (read(user, 'department') === 'Sales' ? 'yes' : 'no')],
];

let missed = 0;
const rows = [];
for (const [text, least, byHand] of CASES) {
  const compiled = compileExpression(text);
  for (const user of users) {
    const [engine, hand] = [compiled.evaluate(user, context), byHand(user)];
    if (engine !== hand) throw new Error(`${text} gives ${engine}, by hand ${hand}`);
  }
  const { engine, byHand: hand } = compare((user) => compiled.evaluate(user, context), byHand);
  const ratio = engine / hand;
  if (ratio < least) missed += 1;
  rows.push({
    what: text,
    engine: million(engine),
    byHand: million(hand),
    ratio: ratio.toFixed(2),
    wanted: `≥ ${least}`,
  });
}

const { mapping } = await loadMapping('mappings/scim.yaml');
const [compiled] = compileMapping(mapping);
const direct = compiled.rows
  .filter(({ row }) => row.source.kind === 'direct')
  .map(({ row, path }) => [path.text, row.source.attribute]);
const mapByHand = (user) => {
  const values = new Map();
  for (const [path, attribute] of direct) {
    const value = read(user, attribute);
    if (present(value)) values.set(path, value);
  }
  values.set('active', user.IsSoftDeleted ? 'False' : 'True');
  values.set('name.formatted', `${user.givenName} ${user.surname}`);
  return values;
};
const whole = compare((user) => mapObject(compiled, user, { purpose: 'create', context }), mapByHand);
const wholeRatio = whole.engine / whole.byHand;
if (whole.engine < 150_000 && wholeRatio < 0.5) missed += 1;
rows.push({
  what: `mappings/scim.yaml, ${compiled.rows.length} user rows`,
  engine: `${Math.round(whole.engine / 1000)} k users/s`,
  byHand: `${Math.round(whole.byHand / 1000)} k users/s`,
  ratio: wholeRatio.toFixed(2),
  wanted: '≥ 150 k users/s or ≥ 0.5',
});
console.table(rows);
console.log(
  `node ${process.version}, ${ROUNDS} rounds of ${seconds} s, medians; ${JSON.parse(readFileSync('package.json', 'utf8')).version}`,
);
process.exitCode = missed === 0 ? 0 : 1;

function million(perSecond) {
  return `${(perSecond / 1e6).toFixed(2)} M/s`;
}
