/** What importing a `synchronizationSchema` makes of each part (graph-api.md 8.3, 14). */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exportSchema } from '../../../engine/schema/export-schema.ts';
import { importSchema } from '../../../engine/schema/import-schema.ts';
import { normalizeSchema } from '../../../engine/schema/normalize-schema.ts';
import { ACTIVE, codesOf, type Fields, importStrictly, MATCHING, ROW, schema } from './small-schema.ts';

describe('an attribute mapping', () => {
  test.each<[string, Fields, Fields]>([
    ['copies', { source: { type: 'Attribute', name: 'mail', expression: '[mail]' } }, { from: 'mail' }],
    ['copies what only the expression names', { source: { expression: '[mail]' } }, { from: 'mail' }],
    ['is a constant', { source: { type: 'constant', name: 'x', expression: '"x"' } }, { const: 'x' }],
    ['is a constant that only the expression has', { source: { type: 'Constant', expression: '"x"' } }, { const: 'x' }],
    ['is a constant without quotation marks', { source: { type: 'Constant', expression: 'True' } }, { const: 'True' }],
    ['is a constant that spells a keyword', { source: { type: 1, name: 'Null' } }, { const: 'Null' }],
    [
      'is an expression, kept as written',
      { source: { type: 'Function', expression: 'ToLower( [mail] )' } },
      { expr: 'ToLower( [mail] )' },
    ],
    [
      'is an expression under the default type',
      { source: { expression: 'ToLower([mail])' } },
      { expr: 'ToLower([mail])' },
    ],
    ['writes its default only', { source: null, defaultValue: 'x' }, { default: 'x' }],
    ['has an empty source', { source: {}, defaultValue: 'x' }, { default: 'x' }],
    ['has a default', { source: { name: 'mail' }, defaultValue: '' }, { from: 'mail', default: '' }],
    ['matches', { source: { name: 'mail' }, matchingPriority: 2 }, { from: 'mail', match: 2 }],
    ['runs on creation', { source: { name: 'mail' }, flowType: 'ObjectAddOnly' }, { from: 'mail', apply: 'onCreate' }],
    ['adds values', { source: { name: 'mail' }, flowType: 2 }, { from: 'mail', apply: 'addValues' }],
    ['removes nothing', { source: { name: 'mail' }, flowType: 3 }, { from: 'mail', apply: 'noRemove' }],
    ['fills', { source: { name: 'mail' }, flowType: 'AttributeAddOnly' }, { from: 'mail', apply: 'ifEmpty' }],
    ['flows always', { source: { name: 'mail' }, flowBehavior: 'flowAlways' }, { from: 'mail', when: 'everyCycle' }],
    [
      'keeps what has no key here',
      { source: { name: 'mail' }, exportMissingReferences: true, mappingType: 'x' },
      { from: 'mail', raw: { exportMissingReferences: true, mappingType: 'x' } },
    ],
    ['comes in PascalCase', { Source: { Name: 'mail' }, MatchingPriority: '2' }, { from: 'mail', match: 2 }],
    [
      'has annotations',
      { source: { name: 'mail', '@odata.type': 'x' }, 'source@odata.context': 'y' },
      { from: 'mail' },
    ],
  ])('%s', (_what, row, expected) => {
    const { mapping, findings } = importStrictly(schema({ rows: [{ targetAttributeName: 'title', ...row }] }));
    expect(findings).toEqual([]);
    expect(mapping?.objects[0]?.map[2]).toEqual({ to: 'title', ...expected });
  });

  test.each<[string, Fields]>([
    ['that does nothing', { source: null }],
    ['of a type that --lenient keeps', { source: { type: 'Lookup', name: 'x' } }],
  ])('%s keeps its position under raw and is exported there', (_what, row) => {
    const document = schema({
      rows: [
        { targetAttributeName: 'title', ...row },
        { targetAttributeName: 'nickName', source: { name: 'mail' } },
      ],
    });
    const { mapping } = importSchema(document, { lenient: true });
    expect(mapping?.objects[0]?.map.map(({ to }) => to)).toEqual(['userName', 'active', 'nickName']);
    expect(mapping?.objects[0]?.raw).toMatchObject({ attributeMappings: [{ at: 2, mapping: row }] });
    const back = mapping === undefined ? undefined : exportSchema(mapping);
    const names = back?.synchronizationRules[0]?.objectMappings[0]?.attributeMappings.map(
      (one) => one.targetAttributeName,
    );
    expect(names).toEqual(['userName', 'active', 'title', 'nickName']);
  });

  test('is put together from its parameters when the expression is missing', () => {
    const source = {
      type: 'Function',
      name: 'Append',
      parameters: [
        { key: 'suffix', value: { type: 'Constant', name: 'x' } },
        { key: 'source', value: { name: 'mail' } },
      ],
    };
    const document = schema({ rows: [{ targetAttributeName: 'title', source }] });
    expect(codesOf(document)).toEqual([`warning expression-rebuilt ${ROW}.source`]);
    expect(importStrictly(document).mapping?.objects[0]?.map[2]).toEqual({ to: 'title', expr: 'Append([mail], "x")' });
  });
});

test('an empty text among the parameters is an argument, one that is missing is none', () => {
  const constant = (name: string) => ({ type: 'Constant', name });
  const source = {
    type: 'Function',
    name: 'Replace',
    parameters: [
      { key: 'source', value: { name: 'mail' } },
      { key: 'regexPattern', value: constant('x') },
      { key: 'replacementValue', value: constant('') },
    ],
  };
  const document = schema({ rows: [{ targetAttributeName: 'title', source }] });
  expect(importStrictly(document).mapping?.objects[0]?.map[2]).toEqual({
    to: 'title',
    expr: 'Replace([mail], , "x", , "", , )',
  });
});

test('numbers and words among the parameters agree with the expression', () => {
  const text = (name: string) => ({ type: 'Constant', name });
  const source = {
    type: 'Function',
    name: 'Mid',
    expression: 'Mid([mail], 1, 8)',
    parameters: [
      { key: 'source', value: { name: 'mail' } },
      { key: 'start', value: text('1') },
      { key: 'length', value: text('8') },
    ],
  };
  expect(codesOf(schema({ rows: [{ targetAttributeName: 'title', source }] }))).toEqual([]);
});

describe('an object mapping', () => {
  test.each<[string, Fields, Fields]>([
    ['allows everything by default', {}, { actions: undefined }],
    ['allows everything when a client lost the flags', { flowTypes: '' }, { actions: undefined }],
    [
      'allows what the flags say, blanks and case aside',
      { flowTypes: 'update,  ADD' },
      { actions: ['create', 'update'] },
    ],
    ['allows what the sum of flags says', { flowTypes: 6 }, { actions: ['update', 'delete'] }],
    ['allows nothing', { flowTypes: 'None' }, { actions: [] }],
    ['has no scope', { scope: null }, { where: undefined }],
    ['has a scope that restricts nothing', { scope: {} }, { where: [] }],
    ['has no name', { name: null }, { name: 'Users', raw: { name: null } }],
    [
      'has metadata',
      { metadata: [{ key: 'Disposition', value: '"Normal"' }] },
      { raw: { metadata: [{ key: 'Disposition', value: '"Normal"' }] } },
    ],
  ])('%s', (_what, object, expected) => {
    const { mapping, findings } = importStrictly(schema({ object }));
    expect(findings).toEqual([]);
    const object0: Fields = { ...mapping?.objects[0] };
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, object0[key]]))).toEqual(expected);
  });

  test('has its filters by their keys', () => {
    const clause = (operatorName: string, values: readonly string[]) => ({
      operatorName,
      sourceOperandName: 'department',
      targetOperand: { values },
    });
    const scope = {
      groups: [
        { name: 'A', clauses: [clause('Equals', ['x']), clause('IS_NOT_NULL', [])] },
        { clauses: [clause('INCLUDES', ['y'])] },
      ],
      inputFilterGroups: [{ clauses: [{ ...clause('ENDS WITH', ['z']), note: 1 }] }],
      categoryFilterGroups: [{ clauses: [clause('greater_than', ['4'])] }],
    };
    const { mapping } = importStrictly(schema({ object: { scope } }));
    expect(mapping?.objects[0]).toMatchObject({
      where: [
        {
          name: 'A',
          all: [
            { attr: 'department', op: 'EQUALS', value: 'x' },
            { attr: 'department', op: 'IS NOT NULL' },
          ],
        },
        { all: [{ attr: 'department', op: 'Includes', value: 'y' }] },
      ],
      preFilter: [{ all: [{ attr: 'department', op: 'ENDS_WITH', value: 'z', raw: { note: 1 } }] }],
      category: [{ all: [{ attr: 'department', op: 'Greater_Than', value: '4' }] }],
    });
  });

  test('gets a name of its own when two have the same', () => {
    const one = {
      name: 'Users',
      sourceObjectName: 'User',
      targetObjectName: 'User',
      attributeMappings: [MATCHING, ACTIVE],
    };
    const { mapping } = importStrictly(schema({ rule: { objectMappings: [one, one] } }));
    expect(mapping?.objects.map(({ name, raw }) => [name, raw])).toEqual([
      ['Users', undefined],
      ['Users 2', { name: 'Users' }],
    ]);
  });
});

describe('the rest of a schema', () => {
  test('is nothing when export would write it anyway', () => {
    const minimal = {
      synchronizationRules: [
        {
          objectMappings: [
            {
              name: 'Users',
              sourceObjectName: 'User',
              targetObjectName: 'User',
              attributeMappings: [MATCHING, ACTIVE],
            },
          ],
        },
      ],
    };
    const { mapping } = importStrictly({ ...minimal, 'directories@odata.context': 'x' });
    const { mapping: again } = importStrictly(mapping === undefined ? {} : exportSchema(mapping));
    expect(again).toEqual({ template: 'scim', objects: mapping?.objects });
  });

  test('has definitions in one line each', () => {
    const target = [
      {
        name: 'manager',
        type: 'reference',
        referencedObjects: [{ referencedObjectName: 'User' }],
        mutability: 'immutable',
      },
      {
        name: 'size',
        type: 1,
        required: true,
        defaultValue: '1',
        flowNullValues: true,
        caseExact: true,
        multivalued: true,
      },
      { name: 'odd', metadata: [{ key: 'MaximumLength', value: '3' }] },
    ];
    const { mapping } = importStrictly(schema({ target }));
    expect(mapping?.directories?.customappsso?.objects.User?.attributes).toMatchObject({
      id: { key: true },
      manager: { type: 'reference', refs: ['User'], access: 'immutable' },
      size: { type: 'integer', required: true, default: '1', sendNulls: true, caseExact: true, multi: true },
      odd: { raw: { metadata: [{ key: 'MaximumLength', value: '3' }] } },
    });
  });

  test('names the template its id starts with', () => {
    const { mapping } = importStrictly(schema({ top: { id: 'slack.0123.4567', version: 'v2' } }));
    expect(mapping).toMatchObject({ template: 'slack', raw: { id: 'slack.0123.4567', version: 'v2' } });
  });
});

test('a whole export of a custom application comes back as it was', async () => {
  const document: unknown = JSON.parse(await readFile(new URL('exported-schema.json', import.meta.url), 'utf8'));
  const { mapping, findings } = importStrictly(document);
  expect(findings.map(({ finding }) => finding.code)).toEqual(['mapping-kept']);
  const { schema: normal } = normalizeSchema(document, { lenient: false, report: () => undefined });
  expect(mapping === undefined ? undefined : exportSchema(mapping)).toStrictEqual(normal);
});
