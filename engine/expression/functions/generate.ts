/** Functions that make something new: random texts, ids, unique values (expressions.md 8.1, 8.2). */
import { isNullOrEmpty, toPosition, toText } from '../coerce.ts';
import { isControl } from '../control.ts';
import { ExpressionError } from '../expression-error.ts';
import type { Arguments, EvaluationContext, EvaluationRun, FunctionDefinition } from '../function-definition.ts';
import { reference } from './specification.ts';

const LONGEST_RANDOM_TEXT = 256;
const CLASSES = {
  digit: '0123456789',
  /** The special characters of the Windows password complexity rule. */
  special: '~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/',
  capital: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  small: 'abcdefghijklmnopqrstuvwxyz',
} as const;

export const guid: FunctionDefinition = {
  name: 'Guid',
  summary: 'Gives a new random GUID.',
  specification: reference('guid'),
  parameters: [],
  examples: [['Left(Replace(Guid(), , "[0-9a-f]", , "x", , ), 9)', 'xxxxxxxx-']],
  evaluate: (_, run) => run.context.nextId?.() ?? formatUuid(run.random(16)),
};

/** Version 4, variant 1 (RFC 9562 section 5.4). */
function formatUuid(random: Uint8Array): string {
  const bytes = Array.from({ length: 16 }, (_, index) => random[index] ?? 0);
  const marked = bytes.map((byte, index) => (index === 6 ? 64 + (byte % 16) : index === 8 ? 128 + (byte % 64) : byte));
  const hex = marked.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const randomString: FunctionDefinition = {
  name: 'RandomString',
  summary: 'Gives a random text with at least so many characters of each class.',
  specification: reference('randomstring'),
  parameters: [
    { name: 'length', takes: 'integer' },
    { name: 'minimumNumbers', takes: 'integer' },
    { name: 'minimumSpecialCharacters', takes: 'integer' },
    { name: 'minimumCapital', takes: 'integer' },
    { name: 'minimumLowerCase', takes: 'integer' },
    { name: 'charactersToAvoid', optional: true },
  ],
  examples: [['Replace(RandomString(4, 4, 0, 0, 0), , "[0-9]", , "#", , )', '####']],
  checkCall: (written) => {
    const constants = written.map((argument) => (argument?.kind === 'constant' ? argument.value : undefined));
    if (written.every((argument, index) => argument === undefined || constants[index] !== undefined)) {
      readRandomText(constants);
    }
  },
  evaluate: (list, run) => {
    const { length, classes } = readRandomText(list);
    return drawText(length, classes, run);
  },
};

type CharacterClass = { readonly from: readonly string[]; readonly minimum: number };

type RandomText = { readonly length: number; readonly classes: readonly CharacterClass[] };

/** @throws ExpressionError `ArgumentOutOfRange` or `InvalidArgument` when there is no such text */
function readRandomText([total, numbers, special, capital, small, charactersToAvoid]: Arguments): RandomText {
  const length = toPosition(total);
  const avoided = new Set(toText(charactersToAvoid).split(''));
  const classes = [
    { from: CLASSES.digit, minimum: toPosition(numbers) },
    { from: CLASSES.special, minimum: toPosition(special) },
    { from: CLASSES.capital, minimum: toPosition(capital) },
    { from: CLASSES.small, minimum: toPosition(small) },
  ].map(({ from, minimum }) => ({ from: from.split('').filter((character) => !avoided.has(character)), minimum }));
  assertPossible(length, classes);
  return { length, classes };
}

function assertPossible(length: number, classes: readonly CharacterClass[]): void {
  const required = classes.reduce((sum, { minimum }) => sum + Math.max(0, minimum), 0);
  if (length < 0 || length > LONGEST_RANDOM_TEXT || classes.some(({ minimum }) => minimum < 0)) {
    throw new ExpressionError(
      'ArgumentOutOfRange',
      `the length is 0 to ${LONGEST_RANDOM_TEXT}, no minimum is negative`,
    );
  }
  if (required > length) {
    throw new ExpressionError(
      'ArgumentOutOfRange',
      `the minimums add up to ${required}, more than the length ${length}`,
    );
  }
  const available = classes.some(({ from }) => from.length > 0);
  if (classes.some(({ from, minimum }) => minimum > 0 && from.length === 0) || (!available && length > 0)) {
    throw new ExpressionError('InvalidArgument', 'charactersToAvoid leaves no character of a required class');
  }
}

function drawText(length: number, classes: readonly CharacterClass[], run: EvaluationRun): string {
  const all = classes.flatMap(({ from }) => from);
  const characters = classes.flatMap(({ from, minimum }) =>
    Array.from({ length: minimum }, () => from[drawBelow(from.length, run)] ?? ''),
  );
  while (characters.length < length) characters.push(all[drawBelow(all.length, run)] ?? '');
  for (let index = characters.length - 1; index > 0; index--) {
    const other = drawBelow(index + 1, run);
    const [a = '', b = ''] = [characters[index], characters[other]];
    characters[index] = b;
    characters[other] = a;
  }
  return characters.join('');
}

/** A number from 0 up to `limit` (at most 256), each as likely: bytes beyond the last full multiple are drawn again. */
function drawBelow(limit: number, run: EvaluationRun): number {
  const fair = 256 - (256 % limit);
  for (let attempt = 0; attempt < 64; attempt++) {
    const [byte = 0] = run.random(1);
    if (byte < fair) return byte % limit;
  }
  return (run.random(1)[0] ?? 0) % limit;
}

export const redact: FunctionDefinition = {
  name: 'Redact',
  summary: 'Passes a value on and keeps it out of the provisioning logs.',
  specification: reference('redact'),
  parameters: [{ name: 'value' }],
  examples: [['Redact([mail])', 'ada@contoso.com', { mail: 'ada@contoso.com' }]],
  evaluate: ([value], { context }) => {
    context.redact?.();
    return value ?? null;
  },
};

export const selectUniqueValue: FunctionDefinition = {
  name: 'SelectUniqueValue',
  summary: 'Gives the first value that no object of the target holds yet.',
  specification: reference('selectuniquevalue'),
  parameters: [{ name: 'uniqueValueRule1' }, { name: 'uniqueValueRule2' }],
  repeat: 1,
  examples: [['SelectUniqueValue("ada", Append("ada", "2"))', 'ada']],
  evaluateLazily: (list, run) => {
    const probed = new Set<string>();
    for (const rule of list) {
      const value = rule?.(run) ?? null;
      if (isControl(value)) throw new ExpressionError('InvalidArgument', `${value.name} is not a value to be unique`);
      const candidate = isNullOrEmpty(value) ? '' : toText(value);
      if (candidate === '' || probed.has(candidate)) continue;
      probed.add(candidate);
      if (!isTaken(candidate, run.context)) return candidate;
    }
    if (probed.size === 0) throw new ExpressionError('NoUniqueValue', 'none of the rules gives a value');
    throw new ExpressionError('NoUniqueValue', `every value is taken: ${[...probed].slice(0, 10).join(', ')}`);
  },
};

/** Uniqueness ignores case, unless the target attribute is case-exact. */
function isTaken(candidate: string, { existing = [], isTaken: probe, caseExact = false }: EvaluationContext): boolean {
  const fold = (text: string) => (caseExact ? text : text.toLowerCase());
  return existing.some((value) => fold(value) === fold(candidate)) || probe?.(candidate) === true;
}
