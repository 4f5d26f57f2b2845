/** What importing a `synchronizationSchema` makes of each part, and every finding (graph-api.md 8.3, 8.4, 14). */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exportSchema } from '../../../engine/schema/export-schema.ts';
import { importSchema } from '../../../engine/schema/import-schema.ts';
import { normalizeSchema } from '../../../engine/schema/normalize-schema.ts';

type Fields = Readonly<Record<string, unknown>>;

const MATCHING = { targetAttributeName: 'userName', matchingPriority: 1, source: { name: 'userPrincipalName' } };
const ACTIVE = { targetAttributeName: 'active', source: { type: 'Function', expression: 'Not([IsSoftDeleted])' } };

/** A small schema: one rule, users. */
function schema(parts: {
  rows?: readonly Fields[];
  object?: Fields;
  rule?: Fields;
  top?: Fields;
  source?: readonly Fields[];
  target?: readonly Fields[];
}): Fields {
  const attributeMappings = [MATCHING, ACTIVE, ...(parts.rows ?? [])];
  const object = {
    name: 'Users',
    sourceObjectName: 'User',
    targetObjectName: 'User',
    attributeMappings,
    ...parts.object,
  };
  const rule = {
    id: 'r1',
    name: 'USER_OUTBOUND_USER',
    sourceDirectoryName: 'Microsoft Entra ID',
    targetDirectoryName: 'customappsso',
    objectMappings: [object],
    ...parts.rule,
  };
  const source = [
    { name: 'objectId', anchor: true },
    { name: 'userPrincipalName' },
    { name: 'IsSoftDeleted', type: 'Boolean' },
    { name: 'mail' },
    { name: 'department' },
    { name: 'proxies', multivalued: true },
    ...(parts.source ?? []),
  ];
  const target = [
    { name: 'id', anchor: true },
    ...['userName', 'active', 'title', 'nickName', 'locale'].map((name) => ({ name })),
    ...(parts.target ?? []),
  ];
  return {
    synchronizationRules: [rule],
    directories: [
      { name: 'Microsoft Entra ID', objects: [{ name: 'User', attributes: source }] },
      { name: 'customappsso', objects: [{ name: 'User', attributes: target }] },
    ],
    ...parts.top,
  };
}

function importStrictly(document: unknown) {
  return importSchema(document, { lenient: false });
}

function codesOf(document: unknown, lenient = false): readonly string[] {
  const { findings } = importSchema(document, { lenient });
  return findings.map(({ path, finding }) => `${finding.severity} ${finding.code} ${path.join('.')}`);
}

const OBJECT = 'synchronizationRules.0.objectMappings.0';
const ROW = `${OBJECT}.attributeMappings.2`;

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

describe('findings', () => {
  const unknown = { operatorName: 'Present', sourceOperandName: 'mail', targetOperand: { values: [] } };
  test.each<[string, Fields, readonly string[]]>([
    [
      'a document that is none',
      { synchronizationRules: 5 },
      ['error wrong-type synchronizationRules', 'error nothing-to-run synchronizationRules'],
    ],
    ['no directories', schema({ top: { directories: [] } }), ['warning no-directories ']],
    [
      'an undocumented member',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail' }, flowType: 'Add' }] }),
      [`error unknown-member ${ROW}.flowType`],
    ],
    [
      'an undocumented flag',
      schema({ object: { flowTypes: 'Add,Purge' } }),
      [`error unknown-member ${OBJECT}.flowTypes`],
    ],
    ['text where a list belongs', schema({ object: { metadata: 'x' } }), [`error wrong-type ${OBJECT}.metadata`]],
    [
      'a name and an expression that differ',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail', expression: '[department]' } }] }),
      [`warning source-disagrees ${ROW}.source.expression`],
    ],
    [
      'a function without an expression',
      schema({ rows: [{ targetAttributeName: 'title', source: { type: 'Function', name: '1+', parameters: [] } }] }),
      [`error no-expression ${ROW}.source`, `error parse-error ${ROW}.source.expression`],
    ],
    [
      'an expression nobody can read',
      schema({ rows: [{ targetAttributeName: 'title', source: { type: 'Function', expression: 'Join(' } }] }),
      [`error parse-error ${ROW}.source.expression`],
    ],
    [
      'a function there is not',
      schema({
        rows: [{ targetAttributeName: 'title', source: { type: 'Function', expression: 'Joinn("a",[mail])' } }],
      }),
      [`error unknown-function ${ROW}.source.expression`],
    ],
    [
      'a flow type that is not simulated',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail' }, flowType: 'ValueAddOnly' }] }),
      [`warning flow-type-not-simulated ${ROW}.flowType`],
    ],
    [
      'matching without a source',
      schema({ rows: [{ targetAttributeName: 'title', defaultValue: 'x', matchingPriority: 2 }] }),
      [`warning match-without-source ${ROW}.matchingPriority`],
    ],
    [
      'two rows for one target',
      schema({ rows: [{ targetAttributeName: 'userName', source: { name: 'mail' } }] }),
      [`error duplicate-target ${ROW}.targetAttributeName`],
    ],
    [
      'no matching row',
      schema({ object: { attributeMappings: [ACTIVE] } }),
      [`error no-matching-attribute ${OBJECT}.attributeMappings`],
    ],
    [
      'an unknown source attribute',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'Mail' } }] }),
      [`error unknown-source-attribute ${ROW}.source.name`, `warning attribute-case ${ROW}.source.name`],
    ],
    [
      'an unknown target attribute',
      schema({ rows: [{ targetAttributeName: 'titel', source: { name: 'mail' } }] }),
      [`error unknown-target-attribute ${ROW}.targetAttributeName`],
    ],
    [
      'a required attribute without a row',
      schema({ target: [{ name: 'needed', required: true }] }),
      [`warning required-not-mapped ${OBJECT}.attributeMappings`],
    ],
    [
      'an unknown directory',
      schema({ rule: { targetDirectoryName: 'customapp' } }),
      ['error unknown-directory synchronizationRules.0.targetDirectoryName'],
    ],
    [
      'an undefined object',
      schema({ object: { targetObjectName: 'urn:x:User' } }),
      [`error unknown-object ${OBJECT}.targetObjectName`],
    ],
    [
      'two anchors',
      schema({ target: [{ name: 'second', anchor: true }] }),
      [`error anchor-count ${OBJECT}.targetObjectName`],
    ],
    [
      'an attribute defined twice',
      schema({ source: [{ name: 'mail' }] }),
      ['error duplicate-name directories.0.objects.0.attributes.6.name'],
    ],
    [
      'two filters of a rule',
      schema({ rule: { containerFilter: {}, groupFilter: {} } }),
      ['error two-rule-filters synchronizationRules.0.groupFilter'],
    ],
    [
      'an operator there is not',
      schema({ object: { scope: { groups: [{ clauses: [unknown] }] } } }),
      [`error unknown-operator ${OBJECT}.scope.groups.0.clauses.0.operatorName`],
    ],
    [
      'a filter on several values',
      schema({
        object: {
          scope: { groups: [{ clauses: [{ ...unknown, operatorName: 'IS NULL', sourceOperandName: 'proxies' }] }] },
        },
      }),
      [`error unsupported-scoping-attribute ${OBJECT}.scope.groups.0.clauses.0.sourceOperandName`],
    ],
    [
      'filterGroups',
      schema({ object: { scope: { filterGroups: [] } } }),
      [`warning unknown-filter-set ${OBJECT}.scope.filterGroups`],
    ],
    [
      'a mapping into Entra',
      schema({ rule: { sourceDirectoryName: 'customappsso', targetDirectoryName: 'Microsoft Entra ID' } }),
      [`warning mapping-kept ${OBJECT}`, 'error nothing-to-run synchronizationRules'],
    ],
    [
      'a mapping of something else',
      schema({ object: { sourceObjectName: 'AppRole' } }),
      [`warning mapping-kept ${OBJECT}`, 'error nothing-to-run synchronizationRules'],
    ],
    [
      'a placeholder that is switched off',
      schema({ object: { sourceObjectName: '', enabled: false } }),
      ['error nothing-to-run synchronizationRules'],
    ],
  ])('%s', (_what, document, expected) => {
    expect(codesOf(document)).toEqual(expected);
    expect(importStrictly(document).mapping === undefined).toBe(expected.some((code) => code.startsWith('error')));
  });

  test('--lenient keeps members that are not documented, with a warning, and writes them back', () => {
    const document = schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail' }, flowType: 'Add' }] });
    expect(codesOf(document, true)).toEqual([`warning unknown-member ${ROW}.flowType`]);
    const { mapping } = importSchema(document, { lenient: true });
    expect(mapping?.objects[0]?.map[2]).toEqual({ to: 'title', from: 'mail', raw: { flowType: 'Add' } });
    const normal = normalizeSchema(document, { lenient: true, report: () => undefined }).schema;
    expect(mapping === undefined ? undefined : exportSchema(mapping)).toStrictEqual(normal);
  });
});

test('a whole export of a custom application comes back as it was', async () => {
  const document: unknown = JSON.parse(await readFile(new URL('exported-schema.json', import.meta.url), 'utf8'));
  const { mapping, findings } = importStrictly(document);
  expect(findings.map(({ finding }) => finding.code)).toEqual(['flow-type-not-simulated', 'mapping-kept']);
  const { schema: normal } = normalizeSchema(document, { lenient: false, report: () => undefined });
  expect(mapping === undefined ? undefined : exportSchema(mapping)).toStrictEqual(normal);
});
