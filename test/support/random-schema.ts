/** Random `synchronizationSchema` documents that hold together: definitions for what the rows name, and unknown fields everywhere. */
import fc from 'fast-check';

type Json = Readonly<Record<string, unknown>>;

const TEXT = fc.oneof(
  fc.string({ maxLength: 10, unit: 'binary' }),
  fc.constantFrom(
    '',
    'yes',
    'NO',
    '~',
    'null',
    '1',
    '2026-01-01',
    ' x ',
    '- a',
    '#',
    'a: b',
    '"',
    '\\',
    "'",
    '\r\n',
    '\ud800',
    '<<',
  ),
);
const NULLABLE_TEXT = fc.option(TEXT);
const METADATA = fc.array(fc.record({ key: TEXT, value: NULLABLE_TEXT }), { maxLength: 2 });
/** Unknown fields, seldom. */
const EXTRA: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 5 },
  {
    arbitrary: fc.dictionary(
      TEXT.map((name) => `x${name}`),
      fc.jsonValue({ maxDepth: 2 }),
      { maxKeys: 2 },
    ),
    weight: 1,
  },
);

const SOURCE_NAMES = [
  'userPrincipalName',
  'mail',
  'IsSoftDeleted',
  'objectId',
  'a b',
  'yes',
  '12',
  '__proto__',
  'x: y',
];
const PLAIN_NAMES = ['userPrincipalName', 'mail', 'a b'];
const TARGET_NAMES = [
  'userName',
  'active',
  'name.givenName',
  'emails[type eq "work"].value',
  'urn:x:2.0:User:y',
  'externalId',
];

function record(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  requiredKeys: readonly string[],
): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.record(fields, { requiredKeys: [...requiredKeys] }), EXTRA)
    .map(([known, extra]): Json => ({ ...extra, ...known }));
}

const expression = fc.oneof(
  fc.constantFrom(
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    'Join(" ", [mail],[a b])',
    '[mail]',
    '"x"',
  ),
  fc.constantFrom('ToLower( [mail] , )', 'IIF([mail] = "a", "b", [objectId])', 'Replace([mail], "-", , , "_", , )'),
  TEXT.map((text) => `Append([mail], "${text.replaceAll(/["\\]/g, '\\$&')}")`),
);

const source: fc.Arbitrary<unknown> = fc.oneof(
  {
    arbitrary: record({ type: fc.constantFrom('Attribute', 'attribute'), name: fc.constantFrom(...SOURCE_NAMES) }, [
      'name',
    ]),
    weight: 3,
  },
  record({ type: fc.constant('Constant'), name: TEXT.filter((text) => text !== '') }, ['type', 'name']),
  record({ type: fc.constant('Function'), name: TEXT, expression }, ['type', 'expression']),
  fc.constant(null),
);

const rowFields = {
  defaultValue: NULLABLE_TEXT,
  exportMissingReferences: fc.boolean(),
  flowBehavior: fc.constantFrom('FlowWhenChanged', 'flowalways', 1),
  flowType: fc.constantFrom('Always', 'ObjectAddOnly', 'MultiValueAddOnly', 'ValueAddOnly', 'AttributeAddOnly', 0),
  source,
};

const row = (to: string, matchingPriority: number) =>
  record({ ...rowFields, targetAttributeName: fc.constant(to), matchingPriority: fc.constant(matchingPriority) }, [
    'targetAttributeName',
    'matchingPriority',
  ]);

/** A first row that matches, then others. */
const rows = fc
  .subarray(TARGET_NAMES.slice(1))
  .chain((names) =>
    fc.tuple(
      fc.constant({ targetAttributeName: 'userName', matchingPriority: 1, source: { name: 'mail' } }),
      ...names.map((name) => row(name, 0)),
    ),
  );

const clause = record(
  {
    operatorName: fc.constantFrom('EQUALS', 'not_equals', 'Includes'),
    sourceOperandName: fc.constantFrom(...PLAIN_NAMES),
    targetOperand: record({ values: fc.array(TEXT, { minLength: 1, maxLength: 2 }) }, ['values']),
  },
  ['operatorName', 'sourceOperandName', 'targetOperand'],
);
const groups = fc.array(
  record({ name: NULLABLE_TEXT, clauses: fc.array(clause, { minLength: 1, maxLength: 2 }) }, ['clauses']),
  {
    maxLength: 2,
  },
);
const scope = fc.option(record({ groups, inputFilterGroups: groups, categoryFilterGroups: groups }, []));

const objectMapping = (from: string) =>
  record(
    {
      enabled: fc.boolean(),
      flowTypes: fc.constantFrom('Add,Update,Delete', 'Add, Update', '', 'None', 'delete', 5),
      name: NULLABLE_TEXT,
      scope,
      sourceObjectName: fc.constant(from),
      targetObjectName: fc.constant(from === 'Other' ? 'Thing' : from),
      attributeMappings: rows,
      metadata: METADATA,
    },
    ['sourceObjectName', 'targetObjectName', 'attributeMappings'],
  );

const placeholder = record(
  { enabled: fc.constant(false), name: fc.constant(null), sourceObjectName: fc.constant('') },
  ['enabled'],
);

const rule = (index: number, isInbound: boolean) =>
  record(
    {
      id: fc.constant(`rule-${index}`),
      name: TEXT,
      priority: fc.nat(9),
      editable: fc.boolean(),
      sourceDirectoryName: fc.constant(isInbound ? 'customappsso' : 'Microsoft Entra ID'),
      targetDirectoryName: fc.constant(isInbound ? 'Microsoft Entra ID' : 'customappsso'),
      groupFilter: fc.option(fc.record({ includedGroups: fc.array(TEXT, { maxLength: 1 }) })),
      metadata: METADATA,
      objectMappings: fc
        .tuple(
          index === 0 ? objectMapping('User').map((one) => [one]) : fc.constant([]),
          fc.array(fc.oneof(objectMapping('User'), objectMapping('Group'), objectMapping('Other'), placeholder), {
            maxLength: 2,
          }),
        )
        .map((lists) => lists.flat()),
    },
    ['id', 'sourceDirectoryName', 'targetDirectoryName', 'objectMappings'],
  );

const attribute = (name: string, anchor: boolean) =>
  record(
    {
      name: fc.constant(name),
      anchor: fc.constant(anchor),
      type: fc.constantFrom('String', 'string', 'Boolean', 'Reference', 0, 5),
      caseExact: fc.boolean(),
      required: fc.boolean(),
      flowNullValues: fc.boolean(),
      mutability: fc.constantFrom('ReadWrite', 'ReadOnly', 'Immutable', 'WriteOnly'),
      defaultValue: NULLABLE_TEXT,
      multivalued: fc.constant(false),
      apiExpressions: fc.array(fc.record({ key: TEXT, value: TEXT }), { maxLength: 1 }),
      metadata: METADATA,
      referencedObjects: fc.array(fc.record({ referencedObjectName: TEXT, referencedProperty: NULLABLE_TEXT }), {
        maxLength: 2,
      }),
    },
    ['name', 'anchor'],
  ).map((one) => (PLAIN_NAMES.includes(name) ? { ...one, type: 'String' } : one));

const directory = (name: string, anchor: string, names: readonly string[]) =>
  record(
    {
      name: fc.constant(name),
      id: TEXT,
      readOnly: fc.boolean(),
      discoverabilities: fc.constantFrom('None', '', 'AttributeNames, AttributeDataTypes', 3),
      version: NULLABLE_TEXT,
      objects: fc.tuple(
        ...['User', 'Group'].map((object) =>
          record(
            {
              name: fc.constant(object),
              supportedApis: fc.array(TEXT, { maxLength: 1 }),
              metadata: METADATA,
              attributes: fc.tuple(
                attribute(anchor, true),
                ...names.filter((one) => one !== anchor).map((one) => attribute(one, false)),
              ),
            },
            ['name', 'attributes'],
          ),
        ),
      ),
    },
    ['name', 'objects'],
  );

/** Documents that import without an error; some without directories, some with several rules. */
export const randomSchema: fc.Arbitrary<unknown> = record(
  {
    id: fc.constantFrom('scim.00000000000000000000000000000000', 'scim.a.b', 'Other.x', 'odd'),
    version: NULLABLE_TEXT,
    synchronizationRules: fc.oneof(
      fc.tuple(rule(0, false)),
      fc.tuple(rule(0, false), rule(1, true)),
      fc.tuple(rule(0, false), rule(1, false)),
    ),
    directories: fc.option(
      fc.tuple(
        directory('Microsoft Entra ID', 'objectId', SOURCE_NAMES),
        directory('customappsso', 'id', TARGET_NAMES),
      ),
      { nil: [], freq: 3 },
    ),
  },
  ['synchronizationRules'],
  // What a file holds: no values that JSON does not have.
).map((schema): unknown => JSON.parse(JSON.stringify(schema)));
