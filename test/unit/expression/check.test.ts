/** What is said about an expression before it runs: code, place and hint. */
import { describe, expect, it } from 'vitest';
import { checkExpression } from '../../../engine/expression/check.ts';
import { compileExpression } from '../../../engine/expression/evaluate.ts';
import { ExpressionError } from '../../../engine/expression/expression-error.ts';

/** `code` and the underlined text of every problem. */
function problemsOf(text: string, attributes?: readonly string[]): readonly (readonly [string, string])[] {
  const problems = checkExpression(text, attributes === undefined ? {} : { attributes });
  return problems.map(({ code, start, length }) => [code, text.slice(start, start + length)]);
}

describe('checking an expression', () => {
  it('finds nothing in a sound one', () => {
    expect(problemsOf('Join(" ", [givenName], [surname])', ['givenName', 'surname'])).toEqual([]);
  });

  it('collects all errors in order of the text', () => {
    expect(problemsOf('Joinn(" ", Mid([givenNam], 1), Switch([a], "x", "y"))', ['givenName', 'a'])).toEqual([
      ['unknown-function', 'Joinn'],
      ['argument-count', 'Mid'],
      ['unknown-attribute', '[givenNam]'],
      ['argument-count', 'Switch'],
    ]);
  });

  it.each([
    ['Mid([a], "x", 1)', 'invalid-number', '"x"', 'argument 2 (start) must be a whole number'],
    ['Left([a], IsNull([b]))', 'invalid-number', 'IsNull([b])', 'this is True or False'],
    ['Item([a], [b] = "1")', 'invalid-number', '[b] = "1"', 'this is True or False'],
    ['BitAnd(&HFF, Now())', 'invalid-number', 'Now()', 'this is a date'],
    ['DateAdd("q", 1, Now())', 'invalid-interval', '"q"', 'yyyy, m (month)'],
    ['DateAdd("d", "one", Now())', 'invalid-number', '"one"', 'must be a number'],
    ['DateDiff("d", Now(), "soon")', 'invalid-date', '"soon"', 'argument 3 (date2) must be a date'],
    ['CDate(Not([a]))', 'invalid-date', 'Not([a])', 'this is True or False'],
    ['Replace([a], "a", , , , , )', 'invalid-argument', 'Replace', 'supply oldValue with replacementValue or template'],
    ['Replace([a], , "(?<a>x)", "b", "y", , )', 'invalid-regex', '"b"', 'has no group named "b"'],
    ['Replace([a], , "(?<a>x)", "b", , [c], )', 'invalid-regex', '"b"', 'has no group named "b"'],
    ['Replace([a], , "(x", , "y", , )', 'invalid-regex', '"(x"', 'argument 3 (regexPattern) is wrong'],
    ['FormatDateTime([d], , "yyyy-MM-dd", "q")', 'invalid-argument', '"q"', 'argument 4 (outputFormat) is wrong'],
    ['FormatDateTime([d], "yyyy-MM-dd", "q")', 'invalid-argument', '"q"', 'argument 3 (outputFormat) is wrong'],
    ['FormatDateTime([d], "Foo", "yyyy-MM-dd", "yyyy")', 'invalid-argument', '"Foo"', '"Foo" is not one of None'],
    ['FormatDateTime([d], , "HH:mm:ss.ffffffff", "yyyy")', 'invalid-argument', '"HH:mm:ss.ffffffff"', 'seven digits'],
    ['InStr([a], "b", 0)', 'argument-out-of-range', '0', 'start must be at least 1'],
    ['InStr([a], "b", , "text")', 'invalid-argument', '"text"', 'vbTextCompare'],
    ['Mid([a], 0, 2)', 'argument-out-of-range', '0', 'start must be at least 1'],
    ['Mid([a], 1, "-2")', 'argument-out-of-range', '"-2"', 'length must not be negative'],
    ['Item([a], 0)', 'index-out-of-range', '0', 'counted from 1'],
    ['RandomString(3, 2, 2, 0, 0)', 'argument-out-of-range', 'RandomString', 'the minimums add up to 4'],
  ])('finds in %s what no object can mend', (text, code, place, message) => {
    expect(problemsOf(text)).toEqual([[code, place]]);
    expect(checkExpression(text)[0]?.message).toContain(message);
  });

  it.each([
    'DateAdd("d", 1.5, "2020-01-01")',
    'NumFromDate(DateAdd("h", "-7", Now()))',
    'Mid([a], "1", Count([b]))',
    'CDate(Switch([a], "2020-01-01", "x", "soon"))',
    'InStr([a], "b", , vbTextCompare)',
    'Replace([a], "a", "(?<a>x)", "b", "y", , )',
    'Replace([a], , [pattern], "b", "y", , )',
    'FormatDateTime([d], "AllowWhiteSpaces, AssumeUniversal", "yyyyMMddHHmmss.fZ", "s")',
    'FormatDateTime([d], , [format], IsNull([d]))',
    'RandomString(3, [n], 2, 0, 0)',
  ])('finds nothing impossible in %s', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ['Joinn(" ", [a])', 'did you mean Join?'],
    ['tolower([a])', 'did you mean ToLower?'],
    ['IIF([a] = "x", "y")', 'IIF(condition, valueIfTrue, valueIfFalse) is called with 2 arguments'],
    ['Switch([a], , "k")', 'pairs'],
    ['Mid([a], , 2)', 'argument 2 (start) is missing'],
    ["Append([a], 'x')", 'straight double quotation marks'],
    ['Append([a], “x”)', 'straight double quotation marks'],
    ['Append([a],\u00A0"x")', 'U+00A0'],
    ['Append([a], "x', 'no closing quotation mark'],
    ['Append("a""b", "c")', 'not doubled'],
    ['Append([a "x")', 'no closing bracket'],
    ['Append([a], "x"', 'no closing parenthesis'],
    ['IIF([a] = "x" OR [b] = "y", "1", "2")', 'no OR operator'],
    ['[a] = "1" = "2"', 'cannot be chained'],
    ['Null', '[Null]'],
    ['IgnoreAttributFlow', 'did you mean IgnoreAttributeFlow?'],
    ['Append([a], )', 'argument 2 (suffix) is missing'],
    ['', 'ends too early'],
  ])('explains what is wrong with %s', (text, hint) => {
    expect(checkExpression(text)[0]?.message).toContain(hint);
    expect(checkExpression(text)[0]?.severity).toBe('error');
  });

  it('suggests the attribute that is meant, case included', () => {
    expect(checkExpression('ToLower([Description])', { attributes: ['description'] })[0]?.message).toContain(
      'did you mean [description]?',
    );
  });

  it('rejects a regular expression before it runs', () => {
    expect(problemsOf('Replace([a], , "(?>x)", , "", , )')).toEqual([['invalid-regex', '"(?>x)"']]);
  });

  it.each([
    ['[a] & "x"', 'undocumented-operator'],
    ['Trim([a])', 'undocumented-function'],
    ['IIF([a] = "x", "1", "2")', 'iif-null-condition'],
    ['Switch(IsPresent([a]), "d", "True", [a])', 'switch-on-null-test'],
    ['Switch([manager], "d", "k", "v")', 'switch-on-reference'],
    ['Append([manager], "x")', 'reference-as-text'],
    ['IIF("a"="a", [manager], "x")', 'reference-as-text'],
    ['Join(",", [appRoleAssignments])', 'app-roles-need-a-function'],
    ['SelectUniqueValue([a], [b])', 'select-unique-value-scope'],
    ['[mail]', 'not-a-function'],
    ['"x"', 'not-a-function'],
  ])('warns about %s', (text, code) => {
    expect(checkExpression(text)).toMatchObject([{ severity: 'warning', code }]);
  });

  it('compiles what has warnings only', () => {
    expect(compileExpression('[a] & "x"').evaluate({ a: 'y' })).toBe('yx');
  });
});

describe('compiling an expression', () => {
  it('names the place of the first error', () => {
    const text = 'ToLower(Joinn([a]))';
    expect(() => compileExpression(text)).toThrow(
      expect.objectContaining({ name: 'ExpressionError', code: 'UnknownFunction', position: 8, length: 5 }),
    );
    expect(() => compileExpression(text)).toThrow(ExpressionError);
  });

  it('tells which attributes and functions it uses, each once', () => {
    const compiled = compileExpression('Join(" ", [givenName], ToUpper([surname]), ToUpper([givenName]))');
    expect(compiled.attributes).toEqual(['givenName', 'surname']);
    expect(compiled.functions).toEqual(['Join', 'ToUpper']);
  });

  it('reads function names in any case when asked to', () => {
    const compiled = compileExpression('tolower(APPEND([a], "X"))', { caseInsensitiveFunctions: true });
    expect(compiled.functions).toEqual(['ToLower', 'Append']);
    expect(compiled.evaluate({ a: 'A' })).toBe('ax');
  });
});
