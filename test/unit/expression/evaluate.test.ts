/** Evaluation beyond the published cases: nulls, lists, laziness, options, limits, and what an expression cannot reach. */
import { describe, expect, it } from 'vitest';
import { IgnoreAttributeFlow } from '../../../engine/expression/control.ts';
import { compileExpression } from '../../../engine/expression/evaluate.ts';
import { evaluateExpression } from '../../../engine/expression/evaluate-expression.ts';
import { ExpressionError } from '../../../engine/expression/expression-error.ts';
import type { EvaluationContext } from '../../../engine/expression/function-definition.ts';
import { traceExpression } from '../../../engine/expression/trace.ts';

const NOW = '2026-01-01T00:00:00.000Z';

function codeOf(expression: string, source: Readonly<Record<string, unknown>> = {}, context: EvaluationContext = {}) {
  try {
    compileExpression(expression).evaluate(source, context);
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
  return undefined;
}

describe('values', () => {
  it.each([
    ['[a]', { a: true }, 'True'],
    ['[a]', { a: 12 }, '12'],
    ['[a]', { a: 1.5 }, '1.5'],
    ['[a]', { a: [] }, null],
    ['[a]', { a: [null, 'x'] }, ['x']],
    ['[a]', { a: undefined }, null],
    ['1', {}, '1'],
    ['&Hff', {}, '255'],
    ['"\\+\\\\n\\""', {}, '\\+\\n"'],
    ['[a] & [b] & "z"', { b: 'y' }, 'yz'],
  ])('%s of %j is %j', (expression, source, result) => {
    expect(evaluateExpression(expression, source)).toEqual(result);
  });

  it('sees own properties of the source only', () => {
    const inherited = Object.create({ a: 'inherited' }) as Record<string, unknown>;
    expect(evaluateExpression('[a]', inherited)).toBeNull();
    expect(evaluateExpression('Join(",", [constructor], [__proto__], [toString])', {})).toBe('');
    expect(codeOf('constructor("x")')).toBe('UnknownFunction');
    expect(codeOf('toString()')).toBe('UnknownFunction');
  });

  it.each([
    ['[a] = 1', { a: '01' }, 'True'],
    ['[a] < 10', { a: '9.75' }, 'True'],
    ['[a] = "1.50"', { a: '1.5' }, 'True'],
    ['[a] > "-2"', { a: '-10' }, 'False'],
    ['[a] = "-0"', { a: '0' }, 'True'],
    ['[a] = "True"', { a: 'true' }, 'False'],
    ['[a] = ""', {}, 'True'],
    ['"9" < "a"', {}, 'True'],
    ['[a] > 99999999999999999998', { a: '99999999999999999999' }, 'True'],
    ['CDate("2024-01-01T01:00:00+01:00") = "2024-01-01"', {}, 'True'],
  ])('%s of %j is %s', (expression, source, result) => {
    expect(evaluateExpression(expression, source)).toBe(result);
  });
});

describe('lists', () => {
  const source = { list: ['Áb', 'c d'], one: ['x'] };

  it.each([
    ['ToUpper([list])', ['ÁB', 'C D']],
    ['Append([list], "!")', ['Áb!', 'c d!']],
    ['Left([list], 1)', ['Á', 'c']],
    ['Replace([list], " ", , , "_", , )', ['Áb', 'c_d']],
    ['NormalizeDiacritics([list])', ['Ab', 'c d']],
    ['IsPresent([list])', 'True'],
    ['InStr([one], "x")', '1'],
  ])('%s is %j', (expression, result) => {
    expect(evaluateExpression(expression, source)).toEqual(result);
  });

  it('are refused where a single value is needed', () => {
    expect(codeOf('CDate([list])', source)).toBe('InvalidArgument');
    expect(codeOf('IIF([list] = "x", "1", "2")', source)).toBe('InvalidArgument');
  });
});

describe('laziness and control values', () => {
  it('evaluates only the branch that is chosen', () => {
    expect(evaluateExpression('Switch([d], CDate([d]), "", "none")', { d: null })).toBe('none');
    expect(evaluateExpression('IIF(IsPresent([d]), CDate([d]), "none")', {})).toBe('none');
    expect(evaluateExpression('Coalesce("x", Error("never"))', {})).toBe('x');
  });

  it('lets control values through choices and nowhere else', () => {
    expect(evaluateExpression('IIF("1" = "1", IgnoreAttributeFlow, "x")', {})).toBe(IgnoreAttributeFlow);
    expect(evaluateExpression('Switch("a", , "a", Coalesce(IgnoreAttributeFlow, "x"))', {})).toBe(IgnoreAttributeFlow);
    expect(codeOf('ToLower(IgnoreAttributeFlow)')).toBe('InvalidArgument');
    expect(codeOf('IgnoreObjectFlow & "x"')).toBe('InvalidArgument');
    expect(codeOf('Switch(IgnoreObjectFlow, "x", "a", "b")')).toBe('InvalidArgument');
  });
});

describe('options and context', () => {
  it('follows the documented limitation of IIF when asked to', () => {
    const options = { iifNullMode: 'documentedLimitation' } as const;
    expect(evaluateExpression('IIF([a] = "", "x", "y")', {}, { options })).toBeNull();
    expect(evaluateExpression('IIF([a] = "", "x", "y")', { a: 'z' }, { options })).toBe('y');
    // Without a value the condition is not even evaluated: CDate of nothing would fail.
    expect(evaluateExpression('IIF(CDate([a]) > Now(), "x", "y")', {}, { options })).toBeNull();
  });

  it('has the Switch quirk of incremental cycles when asked to', () => {
    const expression = 'Switch([a], "d", "k", "v")';
    const options = { switchUnchangedQuirk: 'on' } as const;
    expect(evaluateExpression(expression, { a: 'k' }, { options, changedAttributes: ['b'] })).toBeNull();
    expect(evaluateExpression(expression, { a: 'k' }, { options, changedAttributes: ['a'] })).toBe('v');
    expect(evaluateExpression(expression, { a: 'k' }, { changedAttributes: ['b'] })).toBe('v');
  });

  it('decides what Mid does beyond the end', () => {
    expect(evaluateExpression('Mid("abc", 9, 1)', {})).toBe('');
    expect(evaluateExpression('Mid("abc", 9, 1)', {}, { options: { midOutOfRange: 'input' } })).toBe('abc');
    expect(codeOf('Mid("abc", 9, 1)', {}, { options: { midOutOfRange: 'error' } })).toBe('ArgumentOutOfRange');
  });

  it('takes the role name from the field that is asked for', () => {
    const source = { appRoleAssignments: [{ id: '1', value: 'admin', displayName: 'Administrator' }] };
    const expression = 'SingleAppRoleAssignment([appRoleAssignments])';
    expect(evaluateExpression(expression, source)).toBe('Administrator');
    expect(evaluateExpression(expression, source, { options: { roleName: 'value' } })).toBe('admin');
    expect(evaluateExpression(expression, { appRoleAssignments: ['User'] })).toBe('User');
  });

  it('fails with a code when the clock, randomness or the tenant is missing', () => {
    expect(codeOf('Now()')).toBe('MissingContext');
    expect(codeOf('Guid()')).toBe('MissingContext');
    expect(codeOf('RandomString(8, 1, 1, 1, 1)')).toBe('MissingContext');
    expect(codeOf('DefaultDomain()')).toBe('MissingContext');
  });

  it('reads the clock once, and ids and bytes from the context', () => {
    expect(evaluateExpression('Now()', {}, { now: NOW })).toBe('1/1/2026 12:00:00 AM');
    expect(evaluateExpression('Guid()', {}, { nextId: () => 'id-1' })).toBe('id-1');
    const zeros = { random: (count: number) => new Uint8Array(count) };
    expect(evaluateExpression('Guid()', {}, zeros)).toBe('00000000-0000-4000-8000-000000000000');
    const full = { random: (count: number) => new Uint8Array(count).fill(255) };
    expect(evaluateExpression('RandomString(3, 3, 0, 0, 0)', {}, full)).toMatch(/^[0-9]{3}$/);
  });

  it('reproduces random values for the same source without a source of randomness, and differs for another', () => {
    const guid = (name: string) => evaluateExpression('Append(Guid(), [a])', { a: name }, { now: NOW });
    expect(guid('x')).toBe(guid('x'));
    expect(String(guid('x')).slice(0, 36)).not.toBe(String(guid('y')).slice(0, 36));
  });

  it('reports redaction and probes unique values ignoring case', () => {
    let redacted = 0;
    evaluateExpression('Append(Redact([a]), "x")', { a: 'y' }, { redact: () => (redacted += 1) });
    expect(redacted).toBe(1);
    const expression = 'SelectUniqueValue([a], [b], [c])';
    const source = { a: 'Kim', b: '', c: 'Kim2' };
    expect(evaluateExpression(expression, source, { existing: ['kim'] })).toBe('Kim2');
    expect(evaluateExpression(expression, source, { existing: ['kim'], caseExact: true })).toBe('Kim');
    expect(codeOf(expression, source, { isTaken: () => true })).toBe('NoUniqueValue');
  });
});

describe('limits', () => {
  it('refuses nesting, length and work beyond the bounds', () => {
    expect(codeOf(`${'Not('.repeat(401)}"x"${')'.repeat(401)}`)).toBe('ParseError');
    expect(codeOf(Array.from({ length: 401 }, () => '"x"').join('&'))).toBe('ParseError');
    expect(codeOf('Replace([a], "x", , , [a], , )', { a: 'x'.repeat(2000) })).toBe('LimitExceeded');
    expect(codeOf('Join("", [a], [a])', { a: 'x'.repeat(600_000) })).toBe('LimitExceeded');
    const deep = `${'Trim('.repeat(300)}[a]${')'.repeat(300)}`;
    expect(codeOf(deep, { a: 'x'.repeat(100_000) })).toBe('LimitExceeded');
  });

  it('accepts what lies within', () => {
    expect(codeOf(`${'Not('.repeat(400)}"x"${')'.repeat(400)}`)).toBeUndefined();
  });

  it('turns errors from outside into ExpressionErrors with their cause', () => {
    const cause = new Error('boom');
    const context: EvaluationContext = {
      nextId: () => {
        throw cause;
      },
    };
    expect(() => compileExpression('ToLower(Guid())').evaluate({}, context)).toThrow(
      expect.objectContaining({ name: 'ExpressionError', code: 'EvaluationFailed', position: 8, cause }),
    );
  });

  it('names function and place of a run-time error', () => {
    expect(() => evaluateExpression('Append("x", Item([a], 3))', { a: ['y'] })).toThrow(
      expect.objectContaining({
        code: 'IndexOutOfRange',
        position: 12,
        length: 4,
        message: 'Item: there is no value 3; the attribute has 1',
      }),
    );
  });
});

describe('arguments of a wrong type', () => {
  it.each<[string, readonly unknown[], string]>([
    ['no expression', [null], 'the expression must be a text'],
    ['a number', [5], 'the expression must be a text'],
    ['no source', ['[a]', null], 'the source must be an object'],
    ['a list as source', ['[a]', ['x']], 'the source must be an object'],
    ['no context', ['Now()', {}, null], 'the context must be an object'],
    ['a Date as clock', ['Now()', {}, { now: new Date(0) }], 'context.now must be an ISO 8601 text'],
    ['a text of taken values', ['SelectUniqueValue("a")', {}, { existing: 'a' }], 'context.existing must be a list'],
    ['an unknown value', ['[a]', {}, { options: { midOutOfRange: 'no' } }], 'must be empty or error or input'],
    ['randomness that is none', ['Guid()', {}, { random: 1 }], 'context.random must be a function'],
  ])('%s', (_name, given, message) => {
    const evaluate = () => evaluateExpression(...(given as Parameters<typeof evaluateExpression>));
    expect(evaluate).toThrow(
      expect.objectContaining({
        name: 'ExpressionError',
        code: 'InvalidArgument',
        position: 0,
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe('tracing', () => {
  it('gives the value of every sub-expression, and marks the branches not taken', () => {
    const trace = traceExpression('IIF([a] = "x", ToUpper([a]), Error("no"))', { a: 'x' });
    expect(trace).toMatchObject({ state: 'value', value: 'X', kind: 'call', start: 0 });
    expect(trace.children.map(({ text, state }) => [text, state])).toEqual([
      ['[a] = "x"', 'value'],
      ['ToUpper([a])', 'value'],
      ['Error("no")', 'not-evaluated'],
    ]);
    expect(trace.children[0]).toMatchObject({ value: 'True', children: [{ value: 'x' }, { value: 'x' }] });
  });

  it('shows where an error comes from', () => {
    const trace = traceExpression('ToLower(CDate("soon"))', {});
    expect(trace).toMatchObject({
      state: 'error',
      children: [{ state: 'error', error: { code: 'InvalidDate' }, children: [{ state: 'value', value: 'soon' }] }],
    });
  });
});
