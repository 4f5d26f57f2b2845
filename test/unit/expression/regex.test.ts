/** .NET regular expressions: dialect, replacement, and no pattern that stalls (expressions.md 6.3). */
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../engine/expression/evaluate-expression.ts';
import { ExpressionError } from '../../../engine/expression/expression-error.ts';
import { createRegexCache } from '../../../engine/expression/regex.ts';
import { translateRegex } from '../../../engine/expression/translate-regex.ts';

/** The texts of all matches. */
function matchesOf(pattern: string, input: string): readonly string[] {
  const matches = createRegexCache()(pattern).matches(input, { timeoutMs: 1000 });
  return matches.map(([{ start, end }]) => input.slice(start, end));
}

/** `input` with every match of `pattern` replaced. */
function replaced(pattern: string, replacement: string, input: string): unknown {
  return evaluateExpression('Replace([input], , [pattern], , [replacement], , )', { input, pattern, replacement });
}

describe('the dialect', () => {
  it.each([
    ['.', 'a\r\n\u2028', ['a', '\r', '\u2028']],
    ['a$', 'a\n', ['a']],
    ['a\\z', 'a\n', []],
    ['a\\Z', 'a\n', ['a']],
    ['^b', 'a\nb', []],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['(?m)^b$', 'a\rb', []],
    ['(?i)straße', 'STRAße', ['STRAße']],
    ['(?i:ab)', 'AB', ['AB']],
    ['(?s).', '\n', ['\n']],
    ['(?x) a b # comment', 'ab', ['ab']],
    ['a(?#comment)b', 'ab', ['ab']],
    ['\\d+', '12٣', ['12٣']],
    ['\\w+', 'Ünï_1-x', ['Ünï_1', 'x']],
    ['\\bé\\w*', 'xé éa', ['éa']],
    ['\\B\\w', 'ab', ['b']],
    ['[\\W]', 'a-b', ['-']],
    ['\\s', 'a\u00A0\uFEFFb', ['\u00A0']],
    ['\\S+', 'ab c', ['ab', 'c']],
    ['[^\\S]', 'a b', [' ']],
    ['[a-z-[aeiou]]+', 'abcde', ['bcd']],
    ['[^a-z-[A]]+', 'aABb', ['B']],
    ['[]a]+', 'a]', ['a]']],
    ['[a-]+', '-a', ['-a']],
    ['[\\w.-]+', 'a.b-c d', ['a.b-c', 'd']],
    ['\\x41\\u0042\\t', 'AB\t', ['AB\t']],
    ['\\p{Lu}\\P{Lu}', 'aBc', ['Bc']],
    ['(a)\\1', 'aab', ['aa']],
    ["(?'q'a)\\k'q'", 'aa', ['aa']],
    ['(?<=\\+)\\d', '+1 2', ['1']],
    ['a(?!b)', 'ab ac', ['a']],
    ['a{2}', 'aaaa', ['aa', 'aa']],
    ['a{,2}', 'a{,2}', ['a{,2}']],
    ['a*', 'baac', ['', 'aa', '', '']],
    ['\\@\\-\\<\\/\\:', '@-</:', ['@-</:']],
    ['x{0,1000}y', 'xxy', ['xxy']],
    ['x{0,2000}y', 'xxy', ['xxy']],
  ])('%s matches in %j %j', (pattern, input, expected) => {
    expect(matchesOf(pattern, input)).toEqual(expected);
  });

  it.each([
    '(',
    ')',
    '(?>a)',
    '(?<a-b>x)',
    '(?(1)a|b)',
    '(?<n>a)(?<n>b)',
    '(?<1>a)',
    'a**',
    '*a',
    'a{2,1}',
    '[z-a]',
    '[a',
    '\\',
    '\\G',
    '\\q',
    '\\k<none>',
    '\\1',
    '\\p{IsGreek}',
    'a(?i)b',
    '(?i:a)b',
    '(a',
    `${'('.repeat(300)}${')'.repeat(300)}`,
    'a'.repeat(10_001),
  ])('rejects %s', (pattern) => {
    expect(() => translateRegex(pattern)).toThrow(expect.objectContaining({ code: 'InvalidRegex' }));
    expect(() => translateRegex(pattern)).toThrow(ExpressionError);
  });

  it('matches in linear time whatever needs no look-around, back-reference or subtraction', () => {
    const isLinear = (pattern: string) => translateRegex(pattern).re2 !== undefined;
    expect(['(a+)+$', '\\bword\\b', '[()\\s-]+', '(?i)(?<id>.*)@(?<domain>.*)'].map(isLinear)).toEqual(
      Array(4).fill(true),
    );
    expect(['a(?=b)', '(a)\\1', '[a-z-[x]]'].map(isLinear)).toEqual(Array(3).fill(false));
  });
});

describe('replacing', () => {
  it.each([
    // Unnamed groups are numbered first.
    ['(?<n>a)(b)', '$1', 'ab', 'b'],
    ['(?<n>a)(b)', '$2', 'ab', 'a'],
    ['(?<n>a)(b)', '$+', 'ab', 'a'],
    ['(a)', '$10', 'a', '$10'],
    ['(a)', '$0$$', 'a', 'a$'],
    ['(a)|b', '<$1>', 'ab', '<a><>'],
    ['b', "$`|$'|$_", 'abc', 'aa|c|abcc'],
    ['a*', '-', 'baac', '-b--c-'],
    ['$', '!', 'a\n', 'a!\n!'],
    ['😀', 'x', 'a😀b', 'axb'],
    ['x*', '-', '😀', '-😀-'],
  ])('%s by %s in %j gives %j', (pattern, replacement, input, expected) => {
    expect(replaced(pattern, replacement, input)).toBe(expected);
  });
});

describe('patterns that backtrack without limit', () => {
  const evil = 'a'.repeat(200);

  it('end at once where they can be matched in linear time', () => {
    expect(replaced('^(a+)+$', 'x', `${evil}!`)).toBe(`${evil}!`);
    expect(replaced('(x+x+)+y', 'z', 'x'.repeat(500))).toBe('x'.repeat(500));
  });

  it('are stopped where they cannot', () => {
    const expression = 'Replace([a], , "^(?=(a+)+$)", , "", , )';
    const evaluate = () => evaluateExpression(expression, { a: `${evil}!` }, { options: { regexTimeoutMs: 10 } });
    expect(evaluate).toThrow(expect.objectContaining({ name: 'ExpressionError', code: 'RegexTimeout', position: 0 }));
  });

  it('do not harm the next match of the same expression', () => {
    const matches = createRegexCache()('(?=(a+)+$)');
    expect(() => matches.matches(`${evil}!`, { timeoutMs: 10 })).toThrow('ran longer than 10 ms');
    expect(matches.matches('aa', { timeoutMs: 1000 })).toHaveLength(2);
  });
});

it('finds the same in a short text and in a long one, for which another engine is taken', () => {
  const short = `+351 (21) 555-0100; Ärger\n`;
  for (const pattern of ['[^0-9+]', '\\d+', 'r|5', '^\\+', '\\p{Lu}', '[a-z-[r]]', '5*', '\\(\\d\\d\\)', '.', '[]5]']) {
    const once = matchesOf(pattern, short);
    const many = matchesOf(pattern, short.repeat(60));
    expect(many.slice(0, once.length), pattern).toEqual(once);
    if (!pattern.startsWith('^') && pattern !== '5*')
      expect(many, pattern).toEqual(Array.from({ length: 60 }, () => once).flat());
  }
});
