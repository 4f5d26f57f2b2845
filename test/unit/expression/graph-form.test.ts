/** Graph's attributeMappingSource, both ways (expressions.md 3.3). */
import { describe, expect, it } from 'vitest';
import { expressionOf, toMappingSource } from '../../../engine/expression/graph-form.ts';
import { parseExpression } from '../../../engine/expression/parse.ts';

/** `source` without any `expression`, at every level. */
function withoutText(source: ReturnType<typeof toMappingSource>): Parameters<typeof expressionOf>[0] {
  const { type, name, parameters } = source;
  return { type, name, parameters: parameters.map(({ key, value }) => ({ key, value: withoutText(value) })) };
}

describe('the Graph form', () => {
  it('leaves omitted arguments out of the parameters and keeps them in the text', () => {
    expect(toMappingSource(parseExpression('Replace([a],"-", , ,"_", , )'))).toEqual({
      type: 'Function',
      name: 'Replace',
      expression: 'Replace([a], "-", , , "_", , )',
      parameters: [
        { key: 'source', value: { type: 'Attribute', name: 'a', expression: '[a]', parameters: [] } },
        { key: 'Find', value: { type: 'Constant', name: '-', expression: '"-"', parameters: [] } },
        { key: 'Replacement', value: { type: 'Constant', name: '_', expression: '"_"', parameters: [] } },
      ],
    });
  });

  it('keeps numbers unquoted in the text of the call and quotes them as constants', () => {
    const source = toMappingSource(parseExpression('Mid([a], 1, 8)'));
    expect(source.expression).toBe('Mid([a], 1, 8)');
    expect(source.parameters.map(({ key, value }) => [key, value.expression])).toEqual([
      ['source', '[a]'],
      ['start', '"1"'],
      ['length', '"8"'],
    ]);
  });

  it.each([
    ['Join(" ", [a], [b])', 'Join(" ", [a], [b])'],
    ['Switch([a], , "k", "v", [b], "w")', 'Switch([a], , "k", "v", [b], "w")'],
    ['Replace([a], , "x", , "y", , )', 'Replace([a], , "x", , "y", , )'],
    ['ToLower(Append([a], "x"))', 'ToLower(Append([a], "x"), )'],
    ['FormatDateTime([a], , "s", "d")', 'FormatDateTime([a], , "s", "d")'],
    ['Guid()', 'Guid()'],
  ])('rebuilds %s from its parts', (text, rebuilt) => {
    expect(expressionOf(withoutText(toMappingSource(parseExpression(text))))).toBe(rebuilt);
    expect(() => parseExpression(rebuilt)).not.toThrow();
  });

  it('rebuilds the published form of Switch, whose keys are parameter keys', () => {
    const constant = (name: string) => ({ type: 'Constant', name });
    const source = { type: 'Attribute', name: 'IsSoftDeleted' };
    const parameters = [
      { key: 'source', value: source },
      { key: 'False', value: constant('True') },
      { key: 'True', value: constant('False') },
    ];
    expect(expressionOf({ type: 'Function', name: 'Switch', parameters })).toBe(
      'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    );
  });

  it('prefers the text, takes attributes for granted, and finds nothing in an inert source', () => {
    expect(expressionOf({ type: 'Constant', name: 'x', expression: 'Append([a], "y")' })).toBe('Append([a], "y")');
    expect(expressionOf({ name: 'mail' })).toBe('[mail]');
    expect(expressionOf({ type: 'Constant', name: 'say "x"' })).toBe('"say \\"x\\""');
    expect(expressionOf({})).toBeUndefined();
  });
});
