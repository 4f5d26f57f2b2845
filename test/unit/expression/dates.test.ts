/** Dates: free-form text, .NET formats both ways, intervals (expressions.md 6.4, 8.3). */
import { describe, expect, it } from 'vitest';
import { formatDate } from '../../../engine/expression/date-format.ts';
import { dateTimeToText } from '../../../engine/expression/date-time.ts';
import { evaluateExpression } from '../../../engine/expression/evaluate-expression.ts';
import { parseDate } from '../../../engine/expression/parse-date.ts';

const NOW = '2026-03-04T05:06:07.000Z';

describe('free-form dates', () => {
  it.each([
    ['2024-2-9', '2/9/2024 12:00:00 AM'],
    [' 2024/02/09 ', '2/9/2024 12:00:00 AM'],
    ['2024-02-09T23:05', '2/9/2024 11:05:00 PM'],
    ['2024-02-09 11:05:06.1234567 PM', '2/9/2024 11:05:06 PM'],
    ['2/9/2024 12:00:01 AM', '2/9/2024 12:00:01 AM'],
    ['2/9/2024 13:00', '2/9/2024 1:00:00 PM'],
    ['9 Feb 2024', '2/9/2024 12:00:00 AM'],
    ['February 9, 2024 1:02 pm', '2/9/2024 1:02:00 PM'],
    ['Fri, 09 Feb 2024 10:00:00 GMT', '2/9/2024 10:00:00 AM'],
    ['2024-02-09-07:00', '2/9/2024 7:00:00 AM'],
    ['2024-02-09T00:00:00 +0530', '2/8/2024 6:30:00 PM'],
    ['2024-02-09T00:00:00+5', '2/8/2024 7:00:00 PM'],
    ['0001-01-01', '1/1/0001 12:00:00 AM'],
    ['9999-12-31T23:59:59.9999999Z', '12/31/9999 11:59:59 PM'],
    ['1600-02-29', '2/29/1600 12:00:00 AM'],
  ])('%s is %s', (text, expected) => {
    expect(dateTimeToText(parseDate(text))).toBe(expected);
  });

  it.each([
    '20230405',
    '2023-13-01',
    '1900-02-29',
    '0000-01-01',
    '2023-04-05T24:00:00',
    '2023-04-05T10:60',
    '13:00 2023-04-05',
    '4/5/2023 13:00 AM',
    'Mon, 09 Feb 2024',
    '9 Feber 2024',
    '2023-04-05+15:00',
    '9999-12-31T23:00:00-08:00',
    '2023-04/05',
    '',
  ])('%j is none', (text) => {
    expect(() => parseDate(text)).toThrow(expect.objectContaining({ code: 'InvalidDate' }));
  });
});

describe('writing with a format', () => {
  const value = parseDate('2024-02-09T13:05:06.0120000Z');

  it.each([
    ['d', '02/09/2024'],
    ['D', 'Friday, 09 February 2024'],
    ['G', '02/09/2024 13:05:06'],
    ['s', '2024-02-09T13:05:06'],
    ['u', '2024-02-09 13:05:06Z'],
    ['R', 'Fri, 09 Feb 2024 13:05:06 GMT'],
    ['O', '2024-02-09T13:05:06.0120000Z'],
    ['Y', '2024 February'],
    ['%d', '9'],
    ['d M yy', '9 2 24'],
    ['ddd dddd MMM MMMM', 'Fri Friday Feb February'],
    ['h hh H HH t tt', '1 01 13 13 P PM'],
    ['f fff fffffff', '0 012 0120000'],
    ['s.FFF s.FFFFFFF', '6.012 6.012'],
    ['z zz zzz K', '+0 +00 +00:00 Z'],
    ['yyyy\'T\'\\MM"x"', '2024TM2x'],
    ['g', '02/09/2024 13:05'],
    ['yyyyy', '02024'],
  ])('%s gives %s', (format, expected) => {
    expect(formatDate(value, format, true)).toBe(expected);
  });

  it('drops the point before an empty fraction', () => {
    expect(formatDate(parseDate('2024-02-09'), 'HH:mm:ss.FFF', false)).toBe('00:00:00');
  });

  it.each(['q', "'open", 'x\\', 'ffffffff'])('refuses the format %s', (format) => {
    expect(() => formatDate(value, format, true)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });
});

/** FormatDateTime to round-trip text. */
function reformat(text: string, format: string, styles = ''): unknown {
  const source = { text, format, styles };
  return evaluateExpression('FormatDateTime([text], [styles], [format], "yyyy-MM-ddTHH:mm:ss.FFFK")', source, {
    now: NOW,
  });
}

describe('reading with a format', () => {
  it.each([
    ['1/2/2023', 'M/d/yyyy', '2023-01-02T00:00:00'],
    ['20230102030405.6Z', 'yyyyMMddHHmmss.fZ', '2023-01-02T03:04:05.6Z'],
    ['20230102030405.6GMT', 'yyyyMMddHHmmss.fZ', '2023-01-02T03:04:05.6Z'],
    ['2023-01-02T03:04:05+02:00', 'yyyy-MM-ddTHH:mm:sszzz', '2023-01-02T01:04:05Z'],
    ['2023-01-02T03:04:05-0800', 'yyyy-MM-ddTHH:mm:sszzz', '2023-01-02T11:04:05Z'],
    ['2023-01-02T03:04:05Z', 'yyyy-MM-ddTHH:mm:ssK', '2023-01-02T03:04:05Z'],
    ['2023-01-02T03:04:05', 'yyyy-MM-ddTHH:mm:ssK', '2023-01-02T03:04:05'],
    ['12:30 am', 'h:mm tt', '2026-03-04T00:30:00'],
    ['02 Jan', 'dd MMM', '2026-01-02T00:00:00'],
    ['2023', 'yyyy', '2023-01-01T00:00:00'],
    ['29', 'yy', '2029-01-01T00:00:00'],
    ['30', 'yy', '1930-01-01T00:00:00'],
    ['MONDAY, 2 january 2023', 'dddd, d MMMM yyyy', '2023-01-02T00:00:00'],
    ['2023-01-02 03:04:05', 'yyyy-MM-dd HH:mm:ss.FFF', '2023-01-02T03:04:05'],
    ['2023-01-02T03:04:05', 's', '2023-01-02T03:04:05'],
  ])('%s as %s is %s', (text, format, expected) => {
    expect(reformat(text, format)).toBe(expected);
  });

  it.each([
    ['1/2/23', 'M/d/yyyy'],
    ['01/02/2023', 'M/d/yyy '],
    ['2023-1-02', 'yyyy-MM-dd'],
    ['2023-01-02x', 'yyyy-MM-dd'],
    ['Tue 2023-01-02', 'ddd yyyy-MM-dd'],
    ['13:00 PM', 'h:mm tt'],
    ['25:00', 'HH:mm'],
    ['2023-02-29', 'yyyy-MM-dd'],
    ['2023-01-02', ''],
    ['20230102.', 'yyyyMMdd.f'],
  ])('%s does not fit %s', (text, format) => {
    expect(() => reformat(text, format)).toThrow(expect.objectContaining({ code: 'InvalidDate' }));
  });

  it('follows the styles', () => {
    expect(reformat('12:30', 'HH:mm', 'NoCurrentDateDefault')).toBe('0001-01-01T12:30:00');
    expect(reformat('2023 - 01', 'yyyy-MM', 'AllowInnerWhite')).toBe('2023-01-01T00:00:00');
    expect(() => reformat(' 2023', 'yyyy', 'None')).toThrow(expect.objectContaining({ code: 'InvalidDate' }));
    expect(() => reformat('2023', 'yyyy', 'Sometimes')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });
});

describe('date arithmetic', () => {
  it.each([
    ['DateAdd("M", -13, CDate("2024-03-31"))', '2/28/2023 12:00:00 AM'],
    ['DateAdd("d", "1.9", CDate("2024-03-31"))', '4/1/2024 12:00:00 AM'],
    ['DateDiff("d", CDate("2024-01-01T12:00"), CDate("2024-01-02"))', '0'],
    ['DateDiff("ww", CDate("2024-01-06"), CDate("2024-01-07"))', '1'],
    ['DateDiff("m", CDate("2024-01-31"), CDate("2024-02-01"))', '1'],
    ['DateFromNum(0)', '1/1/1601 12:00:00 AM'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluateExpression(expression, {})).toBe(expected);
  });

  it.each([
    ['DateAdd("yyyy", 8000, CDate("2024-01-01"))', 'InvalidDate'],
    ['DateAdd("m", -999999999, CDate("2024-01-01"))', 'InvalidDate'],
    ['DateAdd("d", [missing], CDate("2024-01-01"))', 'InvalidNumber'],
    ['DateFromNum(9223372036854775807)', 'InvalidDate'],
    ['DateFromNum(9223372036854775808)', 'InvalidNumber'],
    ['NumFromDate("1600-12-31")', 'InvalidDate'],
    ['CDate([missing])', 'InvalidDate'],
  ])('%s fails with %s', (expression, code) => {
    expect(() => evaluateExpression(expression, {})).toThrow(expect.objectContaining({ code }));
  });
});
