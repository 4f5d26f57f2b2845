/** Functions on dates (expressions.md 8.3). Everything is UTC and the invariant culture. */
import { isDateTime, toDateTime, toInteger, toText, toTruncatedInteger } from '../coerce.ts';
import { formatDate } from '../date-format.ts';
import { addInterval, countIntervals, parseDateInterval } from '../date-interval.ts';
import { dateTime } from '../date-time.ts';
import { ExpressionError } from '../expression-error.ts';
import type { EvaluationRun, FunctionDefinition, FunctionParameter } from '../function-definition.ts';
import { type DateTimeStyles, parseExact } from '../parse-exact.ts';
import type { Value } from '../value.ts';
import { reference } from './specification.ts';

/** Ticks from 0001-01-01 to 1601-01-01, where Active Directory starts to count. */
const DATE_NUMBER_EPOCH = 504_911_232_000_000_000n;

const STYLES: readonly string[] = [
  'None',
  'AllowLeadingWhite',
  'AllowTrailingWhite',
  'AllowInnerWhite',
  'AllowWhiteSpaces',
  'AdjustToUniversal',
  'AssumeLocal',
  'AssumeUniversal',
  'RoundtripKind',
  'NoCurrentDateDefault',
];

export const cDate: FunctionDefinition = {
  name: 'CDate',
  summary: 'Reads a text as a date and time, in UTC.',
  specification: reference('cdate'),
  parameters: [{ name: 'expression', takes: 'dateTime' }],
  gives: 'dateTime',
  examples: [['CDate("2009-06-15T01:45:30-07:00")', '6/15/2009 8:45:30 AM']],
  evaluate: ([expression]) => toDateTime(expression),
};

export const dateAdd: FunctionDefinition = {
  name: 'DateAdd',
  summary: 'Adds so many intervals to a date: yyyy, m, d, ww, h, n or s.',
  specification: reference('dateadd'),
  parameters: [
    { name: 'interval', takes: 'interval' },
    { name: 'value', takes: 'number' },
    { name: 'dateTime', takes: 'dateTime' },
  ],
  gives: 'dateTime',
  examples: [
    ['DateAdd("d", -10, CDate("2012-03-16"))', '3/6/2012 12:00:00 AM'],
    ['DateAdd("m", 1, CDate("2021-01-31"))', '2/28/2021 12:00:00 AM'],
  ],
  evaluate: ([interval, value, from]) =>
    addInterval(parseDateInterval(toText(interval)), toTruncatedInteger(value), toDateTime(from)),
};

export const dateDiff: FunctionDefinition = {
  name: 'DateDiff',
  summary: 'Counts the intervals between two dates, positive when the second is later.',
  specification: reference('datediff'),
  parameters: [
    { name: 'interval', takes: 'interval' },
    { name: 'date1', takes: 'dateTime' },
    { name: 'date2', takes: 'dateTime' },
  ],
  examples: [
    ['DateDiff("h", CDate("2021-08-24"), CDate("2021-08-25"))', '24'],
    ['DateDiff("yyyy", CDate("2020-12-31"), CDate("2021-01-01"))', '1'],
  ],
  evaluate: ([interval, date1, date2]) =>
    countIntervals(parseDateInterval(toText(interval)), toDateTime(date1), toDateTime(date2)),
};

export const dateFromNum: FunctionDefinition = {
  name: 'DateFromNum',
  summary: 'Reads a date number of Active Directory: 100-nanosecond intervals since 1601.',
  specification: reference('datefromnum'),
  parameters: [{ name: 'value', takes: 'integer' }],
  gives: 'dateTime',
  examples: [['DateFromNum(129699324000000000)', '1/1/2012 11:00:00 PM']],
  evaluate: ([value]) => {
    const number = toInteger(value);
    if (number < 0n) throw new ExpressionError('InvalidDate', 'a date number is not negative');
    return dateTime(number + DATE_NUMBER_EPOCH);
  },
};

/** A date can be written in every format that a text can be read in. */
const readFormat = (text: string) => formatDate(dateTime(DATE_NUMBER_EPOCH), text, true);

const FORMATS: readonly FunctionParameter[] = [
  { name: 'inputFormat', read: readFormat },
  { name: 'outputFormat', read: readFormat },
];

export const formatDateTime: FunctionDefinition = {
  name: 'FormatDateTime',
  summary: 'Reads a date in one format and writes it in another.',
  specification: reference('formatdatetime'),
  parameters: [{ name: 'source' }, { name: 'dateTimeStyles', optional: true, read: parseStyles }, ...FORMATS],
  alternative: [{ name: 'source' }, ...FORMATS],
  examples: [
    ['FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")', '2015-01-23'],
    ['FormatDateTime("5 Apr 2023", "d MMM yyyy", "yyyyMMdd")', '20230405'],
  ],
  evaluate: (list, run) => {
    const [source, styles, input, output] = list.length === 3 ? [list[0], undefined, list[1], list[2]] : list;
    return reformat(source ?? null, { styles: parseStyles(styles), input: toText(input), output: toText(output) }, run);
  },
};

type Reformatting = { readonly styles: DateTimeStyles; readonly input: string; readonly output: string };

/** An instant is written directly: its text need not fit the input format. */
function reformat(source: Value, { styles, input, output }: Reformatting, run: EvaluationRun): string | null {
  if (isDateTime(source)) return formatDate(source, output, true);
  const text = toText(source);
  if (text === '') return null;
  const { value, withOffset } = parseExact(text, input, { styles, now: () => run.now() });
  return formatDate(value, output, withOffset);
}

/** Omitted: RoundtripKind, white space allowed at both ends. @throws ExpressionError `InvalidArgument` */
function parseStyles(value: Value | undefined): DateTimeStyles {
  const text = toText(value).trim();
  if (text === '') return new Set(['RoundtripKind', 'AllowLeadingWhite', 'AllowTrailingWhite']);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !STYLES.includes(name));
  if (unknown === undefined) return new Set(names);
  throw new ExpressionError('InvalidArgument', `"${unknown.slice(0, 40)}" is not one of ${STYLES.join(', ')}`);
}

export const now: FunctionDefinition = {
  name: 'Now',
  summary: 'Gives the current date and time, in UTC.',
  specification: reference('now'),
  parameters: [],
  gives: 'dateTime',
  examples: [['Now()', '1/1/2026 12:00:00 AM']],
  evaluate: (_, run) => run.now(),
};

export const numFromDate: FunctionDefinition = {
  name: 'NumFromDate',
  summary: 'Gives the date number of Active Directory, as accountExpires holds it.',
  specification: reference('numfromdate'),
  parameters: [{ name: 'value', takes: 'dateTime' }],
  examples: [['NumFromDate("2012-01-01T23:00:00Z")', '129699324000000000']],
  evaluate: ([value]) => {
    const number = toDateTime(value).ticks - DATE_NUMBER_EPOCH;
    if (number < 0n) throw new ExpressionError('InvalidDate', 'a date before 1601 has no date number');
    return number;
  },
};
