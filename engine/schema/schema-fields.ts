/** The fields of a `synchronizationSchema` level by level: kind, default, members (graph-api.md 3, 4, 8.3). Order is that of exports. */

export type SchemaField =
  | { readonly kind: 'text'; readonly otherwise: string | null }
  | { readonly kind: 'flag'; readonly otherwise: boolean }
  | { readonly kind: 'count'; readonly otherwise: number }
  /** One member; the first is the default. Numbers count from 0. */
  | { readonly kind: 'choice'; readonly members: readonly string[] }
  /** Members joined with commas. Numbers are sums of 1, 2, 4, … in order of the members. */
  | { readonly kind: 'choices'; readonly members: readonly string[]; readonly otherwise: string }
  | { readonly kind: 'texts' }
  | { readonly kind: 'anything'; readonly otherwise: unknown }
  | { readonly kind: 'operator' }
  | { readonly kind: 'source' }
  | { readonly kind: 'part'; readonly of: SchemaLevel; readonly nullable: boolean }
  | { readonly kind: 'list'; readonly of: SchemaLevel };

export type SchemaLevel =
  | 'schema'
  | 'rule'
  | 'objectMapping'
  | 'scope'
  | 'filterGroup'
  | 'clause'
  | 'operand'
  | 'attributeMapping'
  | 'directory'
  | 'objectDefinition'
  | 'attribute'
  | 'referencedObject'
  | 'metadata';

const text = (otherwise: string | null): SchemaField => ({ kind: 'text', otherwise });
const flag = (otherwise: boolean): SchemaField => ({ kind: 'flag', otherwise });
const list = (of: SchemaLevel): SchemaField => ({ kind: 'list', of });
const choice = (...members: readonly string[]): SchemaField => ({ kind: 'choice', members });

export const SOURCE_TYPES = ['Attribute', 'Constant', 'Function'] as const;
export const SOURCE_DIRECTORY = 'Microsoft Entra ID';
export const TARGET_DIRECTORY = 'customappsso';

/** The id of a template's schema, which no tenant has made its own (graph-api.md 8.1). */
export function templateSchemaId(template: string): string {
  return `${template}.${'0'.repeat(32)}`;
}

/** The template whose job or schema has this id. */
export function templateOfId(id: string): string {
  return /^([A-Za-z]\w*)\./.exec(id)?.[1] ?? 'scim';
}

/** The name the template gives a rule with these object mappings. */
export function ruleNameOf(mappings: readonly { readonly sourceObjectName: string }[]): string {
  const hasGroups = mappings.some(({ sourceObjectName }) => sourceObjectName === 'Group');
  return hasGroups ? 'USERGROUP_OUTBOUND_USERGROUP' : 'USER_OUTBOUND_USER';
}

export const SCHEMA_FIELDS: Readonly<Record<SchemaLevel, Readonly<Record<string, SchemaField>>>> = {
  schema: {
    id: text(templateSchemaId('scim')),
    version: text(null),
    synchronizationRules: list('rule'),
    directories: list('directory'),
  },
  rule: {
    id: text(''),
    name: text(''),
    priority: { kind: 'count', otherwise: 1 },
    editable: flag(true),
    sourceDirectoryName: text(SOURCE_DIRECTORY),
    targetDirectoryName: text(TARGET_DIRECTORY),
    containerFilter: { kind: 'anything', otherwise: null },
    groupFilter: { kind: 'anything', otherwise: null },
    metadata: list('metadata'),
    objectMappings: list('objectMapping'),
  },
  objectMapping: {
    enabled: flag(true),
    flowTypes: { kind: 'choices', members: ['Add', 'Update', 'Delete'], otherwise: 'Add,Update,Delete' },
    name: text(null),
    scope: { kind: 'part', of: 'scope', nullable: true },
    sourceObjectName: text(''),
    targetObjectName: text(''),
    attributeMappings: list('attributeMapping'),
    metadata: list('metadata'),
  },
  scope: {
    categoryFilterGroups: list('filterGroup'),
    groups: list('filterGroup'),
    inputFilterGroups: list('filterGroup'),
  },
  filterGroup: { name: text(null), clauses: list('clause') },
  clause: {
    operatorName: { kind: 'operator' },
    sourceOperandName: text(''),
    targetOperand: { kind: 'part', of: 'operand', nullable: false },
  },
  operand: { values: { kind: 'texts' } },
  attributeMapping: {
    defaultValue: text(null),
    exportMissingReferences: flag(false),
    flowBehavior: choice('FlowWhenChanged', 'FlowAlways'),
    flowType: choice('Always', 'ObjectAddOnly', 'MultiValueAddOnly', 'ValueAddOnly', 'AttributeAddOnly'),
    matchingPriority: { kind: 'count', otherwise: 0 },
    targetAttributeName: text(''),
    source: { kind: 'source' },
  },
  directory: {
    id: text(''),
    name: text(''),
    readOnly: flag(false),
    discoverabilities: {
      kind: 'choices',
      members: [
        'AttributeNames',
        'AttributeDataTypes',
        'AttributeReadOnly',
        'ReferenceAttributes',
        'UnknownFutureValue',
      ],
      otherwise: 'None',
    },
    discoveryDateTime: text(null),
    version: text(null),
    objects: list('objectDefinition'),
  },
  objectDefinition: {
    name: text(''),
    supportedApis: { kind: 'texts' },
    metadata: list('metadata'),
    attributes: list('attribute'),
  },
  attribute: {
    name: text(''),
    type: choice('String', 'Integer', 'Reference', 'Binary', 'Boolean', 'DateTime'),
    anchor: flag(false),
    required: flag(false),
    multivalued: flag(false),
    caseExact: flag(false),
    mutability: choice('ReadWrite', 'ReadOnly', 'Immutable', 'WriteOnly'),
    defaultValue: text(null),
    flowNullValues: flag(false),
    apiExpressions: { kind: 'anything', otherwise: [] },
    metadata: list('metadata'),
    referencedObjects: list('referencedObject'),
  },
  referencedObject: { referencedObjectName: text(''), referencedProperty: text(null) },
  metadata: { key: text(''), value: text(null) },
};
