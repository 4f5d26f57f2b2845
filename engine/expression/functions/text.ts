/** Functions on text (expressions.md 8.1). Element-wise on lists where 5.4 says so. */
import { lowerCaseOf, toLowerInvariant, toTitleCase, toTitleCaseBetween, upperCaseOf } from '../case-mapping.ts';
import { mapTexts, toPosition, toText, toTextOrNull } from '../coerce.ts';
import { ExpressionError } from '../expression-error.ts';
import type { EvaluationOptions, FunctionDefinition } from '../function-definition.ts';
import { assertTextLength } from '../limits.ts';
import { normalizeDiacritics } from '../normalize-diacritics.ts';
import type { Value } from '../value.ts';
import { CLOUD_SYNC, GRAPH_FUNCTIONS, ONLY_IN_CLOUD_SYNC, ONLY_IN_GRAPH, reference } from './specification.ts';

const SOURCE = { name: 'source' } as const;

export const append: FunctionDefinition = {
  name: 'Append',
  summary: 'Puts a suffix after a text.',
  specification: reference('append'),
  parameters: [SOURCE, { name: 'suffix' }],
  examples: [
    ['Append("ada", "@contoso.com")', 'ada@contoso.com'],
    ['Append([missing], "@contoso.com")', null],
  ],
  evaluate: ([source, suffix]) => mapTexts(source, (text) => concatenate(text, toText(suffix))),
};

export const prepend: FunctionDefinition = {
  name: 'Prepend',
  summary: 'Puts a prefix before a text.',
  specification: GRAPH_FUNCTIONS,
  parameters: [{ name: 'prefix' }, SOURCE],
  undocumented: ONLY_IN_GRAPH,
  examples: [['Prepend("SMTP:", "ada@contoso.com")', 'SMTP:ada@contoso.com']],
  evaluate: ([prefix, source]) => mapTexts(source, (text) => concatenate(toText(prefix), text)),
};

function concatenate(first: string, second: string): string {
  assertTextLength(first.length + second.length);
  return first + second;
}

export const inStr: FunctionDefinition = {
  name: 'InStr',
  summary: 'Gives the 1-based position of a text in another, 0 when it is not there.',
  specification: reference('instr'),
  parameters: [
    { name: 'value1' },
    { name: 'value2' },
    { name: 'start', optional: true, takes: 'integer', read: readStart },
    { name: 'compareType', optional: true, read: parseCompareType },
  ],
  examples: [
    ['InStr("The quick brown fox", "quick")', '5'],
    ['InStr("repEated", "E", 1, vbTextCompare)', '2'],
  ],
  evaluate: ([value1, value2, start, compareType]) => {
    const isTextCompare = parseCompareType(toText(compareType));
    const fold = isTextCompare ? toLowerInvariant : (text: string) => text;
    const from = start === undefined ? 1 : readStart(start);
    const within = fold(toText(value1));
    const wanted = fold(toText(value2));
    // indexOf would find an empty text at the very end even when start lies beyond it.
    return wanted === '' && from > within.length ? 0n : BigInt(within.indexOf(wanted, from - 1) + 1);
  },
};

function readStart(value: Value | undefined): number {
  const start = toPosition(value);
  return start < 1 ? outOfRange('start must be at least 1') : start;
}

function readLength(value: Value | undefined): number {
  const length = toPosition(value);
  return length < 0 ? outOfRange('length must not be negative') : length;
}

function parseCompareType(name: string): boolean {
  if (name === 'vbTextCompare' || name === '1') return true;
  if (name === '' || name === 'vbBinaryCompare' || name === '0') return false;
  throw new ExpressionError('InvalidArgument', 'compareType is vbBinaryCompare or vbTextCompare');
}

export const left: FunctionDefinition = {
  name: 'Left',
  summary: 'Gives the first characters of a text.',
  specification: reference('left'),
  parameters: [{ name: 'string' }, { name: 'numChars', takes: 'integer' }],
  examples: [
    ['Left("John Doe", 3)', 'Joh'],
    ['Left([missing], 3)', ''],
  ],
  evaluate: ([source, numChars]) => {
    const count = toPosition(numChars);
    return mapTexts(source, (text) => (count < 0 ? text : text.slice(0, count))) ?? '';
  },
};

export const mid: FunctionDefinition = {
  name: 'Mid',
  summary: 'Gives so many characters of a text from a 1-based start.',
  specification: reference('mid'),
  parameters: [
    SOURCE,
    { name: 'start', takes: 'integer', read: readStart },
    { name: 'length', takes: 'integer', read: readLength },
  ],
  examples: [
    ['Mid("alexander", 1, 4)', 'alex'],
    ['Mid("ada", 2, 64)', 'da'],
  ],
  evaluate: ([source, start, length], { options }) => {
    if (source === null) return null;
    const from = readStart(start);
    const count = readLength(length);
    return mapTexts(source, (text) => substring(text, { from, count }, options));
  },
};

function substring(
  text: string,
  { from, count }: { readonly from: number; readonly count: number },
  { midOutOfRange = 'empty' }: EvaluationOptions,
): string {
  if (from > text.length && text !== '') {
    if (midOutOfRange === 'error') outOfRange('start lies beyond the end of the text');
    return midOutOfRange === 'input' ? text : '';
  }
  return text.slice(from - 1, from - 1 + count);
}

export const normalizeDiacriticsFunction: FunctionDefinition = {
  name: 'NormalizeDiacritics',
  summary: 'Replaces letters with diacritics by plain letters.',
  specification: reference('normalizediacritics'),
  parameters: [SOURCE],
  examples: [['NormalizeDiacritics("Jürgen Weiß")', 'Jurgen Weiss']],
  evaluate: ([source]) => mapTexts(source, normalizeDiacritics),
};

export const pCase: FunctionDefinition = {
  name: 'PCase',
  summary: 'Capitalises every word and lower-cases the rest.',
  specification: reference('pcase'),
  parameters: [SOURCE, { name: 'wordSeparators', optional: true }],
  examples: [
    ['PCase("PABLO GONSALVES (SECOND)")', 'Pablo Gonsalves (Second)'],
    ['PCase("anne-marie van dyk", " ")', 'Anne-marie Van Dyk'],
  ],
  evaluate: ([source, wordSeparators]) => {
    const separators = wordSeparators === undefined ? null : toTextOrNull(wordSeparators);
    return mapTexts(source, (text) => (separators === null ? toTitleCase(text) : toTitleCaseBetween(text, separators)));
  },
};

export const stripSpaces: FunctionDefinition = {
  name: 'StripSpaces',
  summary: 'Removes all spaces, and no other white space.',
  specification: reference('stripspaces'),
  parameters: [SOURCE],
  examples: [['StripSpaces("a b c")', 'abc']],
  evaluate: ([source]) => mapTexts(source, (text) => text.replaceAll(' ', '')),
};

export const toLower: FunctionDefinition = {
  name: 'ToLower',
  summary: 'Gives a text in lower case, by the rules of a culture when one is named.',
  specification: reference('tolower'),
  parameters: [SOURCE, { name: 'culture', optional: true }],
  examples: [
    ['ToLower("ÀÉÎ")', 'àéî'],
    ['ToLower("TITLE", "tr-TR")', 'tıtle'],
  ],
  evaluate: ([source, culture]) => mapTexts(source, lowerCaseOf(toText(culture))),
};

export const toUpper: FunctionDefinition = {
  name: 'ToUpper',
  summary: 'Gives a text in capitals, by the rules of a culture when one is named.',
  specification: reference('toupper'),
  parameters: [SOURCE, { name: 'culture', optional: true }],
  examples: [['ToUpper("straße")', 'STRAßE']],
  evaluate: ([source, culture]) => mapTexts(source, upperCaseOf(toText(culture))),
};

export const trim: FunctionDefinition = {
  name: 'Trim',
  summary: 'Removes white space at both ends.',
  specification: CLOUD_SYNC,
  parameters: [{ name: 'value' }],
  undocumented: ONLY_IN_CLOUD_SYNC,
  examples: [['Trim("  ada ")', 'ada']],
  evaluate: ([value]) => mapTexts(value, (text) => text.trim()),
};

export const word: FunctionDefinition = {
  name: 'Word',
  summary: 'Gives the word at a 1-based position; any of the delimiters ends a word.',
  specification: reference('word'),
  parameters: [{ name: 'string' }, { name: 'wordNumber', takes: 'integer' }, { name: 'delimiters' }],
  examples: [
    ['Word("The quick brown fox", 3, " ")', 'brown'],
    ['Word("This,string!has&many separators", 3, ",!&#")', 'has'],
  ],
  evaluate: ([source, wordNumber, delimiters]) => {
    const number = toPosition(wordNumber);
    const ends = new Set(toText(delimiters).split(''));
    return number < 1 ? '' : wordAt(toText(source), number, ends);
  },
};

/** Runs of delimiters count as one, leading ones are ignored. */
function wordAt(text: string, number: number, ends: ReadonlySet<string>): string {
  let remaining = number;
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const isEnd = index === text.length || ends.has(text.charAt(index));
    if (!isEnd && start < 0) start = index;
    if (!isEnd || start < 0) continue;
    remaining -= 1;
    if (remaining === 0) return text.slice(start, index);
    start = -1;
  }
  return '';
}

function outOfRange(message: string): never {
  throw new ExpressionError('ArgumentOutOfRange', message);
}
