/** Text functions where JavaScript and .NET part ways, and the edges of arguments (expressions.md 6.1, 6.2, 8.1, 8.5). */
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../engine/expression/evaluate-expression.ts';

describe('text functions', () => {
  it.each([
    ['ToLower("ΟΔΟΣ")', 'οδοσ'],
    ['ToLower("İI")', 'İi'],
    ['ToUpper("ıﬁß")', 'ıﬁß'],
    ['ToUpper("title", "tr-TR")', 'TİTLE'],
    ['ToLower("TITLE", "de-DE")', 'title'],
    ['PCase("o\'neil 3rd MCDONALD-smith")', "O'neil 3rd Mcdonald-Smith"],
    ['PCase("a.b c", "")', 'A.b c'],
    ['NormalizeDiacritics("đœðþ")', 'đœðþ'],
    ['Mid("😀x", 1, 2)', '😀'],
    ['Mid("", 5, 1)', ''],
    ['InStr("abc", "", 3)', '3'],
    ['InStr("abc", "", 4)', '0'],
    ['InStr([missing], "x")', '0'],
    ['Word(" a  b ", 2, " ")', 'b'],
    ['Word("abc", 1, " ")', 'abc'],
    ['Join([missing], "a", "b")', 'ab'],
    ['Join(",", [missing])', ''],
    ['Replace("aaa", "", , , "b", , )', 'aaa'],
    ['Replace("a$b", "$", , , "$$", , )', 'a$$b'],
    ['Replace([missing], , "x", , "y", , )', null],
    ['Replace("v", , "(?<g>x)", "g", , "x", )', 'v'],
    ['Replace("", , "(?<g>x)", "g", , "y", )', null],
    ['ConvertToBase64("é")', '6QA='],
    ['ConvertFromBase64("6Q==", ASCII)', '?'],
    ['ConvertToUTF8Hex("😀")', 'F09F9880'],
    ['DNComponent("CN=a,OU=b", 3)', null],
    ['BitAnd("-1", "9223372036854775807")', '9223372036854775807'],
    ['Not("1")', 'False'],
    ['Not("maybe")', 'True'],
    ['IsString([missing])', 'False'],
  ])('%s is %j', (expression, expected) => {
    expect(evaluateExpression(expression, {})).toBe(expected);
  });

  it.each([
    ['Mid("abc", 0, 1)', 'ArgumentOutOfRange'],
    ['Mid("abc", 1, -1)', 'ArgumentOutOfRange'],
    ['InStr("abc", "a", 0)', 'ArgumentOutOfRange'],
    ['InStr("abc", "a", 1, True)', 'InvalidArgument'],
    ['Left("abc", "x")', 'InvalidNumber'],
    ['ToLower("x", "not a culture")', 'InvalidArgument'],
    ['Replace("x", "a", , , , , )', 'InvalidArgument'],
    ['Replace("x", , "(a)", "none", "b", , )', 'InvalidRegex'],
    ['RandomString(300, 0, 0, 0, 0)', 'ArgumentOutOfRange'],
    ['RandomString(3, 2, 2, 0, 0)', 'ArgumentOutOfRange'],
    ['RandomString(3, -1, 2, 0, 0)', 'ArgumentOutOfRange'],
    ['RandomString(3, 1, 0, 0, 0, "0123456789")', 'InvalidArgument'],
    ['BitAnd([missing], 1)', 'InvalidNumber'],
    ['BitAnd("9223372036854775808", 1)', 'InvalidNumber'],
    ['CBool("maybe")', 'InvalidArgument'],
    ['IIF("maybe", "1", "2")', 'InvalidArgument'],
    ['Item("x", 0)', 'IndexOutOfRange'],
    ['Error("stop")', 'Error'],
    ['ConvertFromBase64("x")', 'InvalidArgument'],
    ['StringFromSid("AQI=")', 'InvalidArgument'],
    ['SingleAppRoleAssignment(CDate("2024-01-01"))', 'InvalidArgument'],
  ])('%s fails with %s', (expression, code) => {
    expect(() => evaluateExpression(expression, {})).toThrow(expect.objectContaining({ code }));
  });
});
