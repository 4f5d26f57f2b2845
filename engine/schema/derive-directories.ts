/** Directory definitions for a schema that has none: what the object mappings read and write, typed as the template types it. */
import { GRAPH_TYPES } from '../config/mapping-file.ts';
import { attributesIn } from '../expression/ast.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { parseExpression } from '../expression/parse.ts';
import type { KnownAttributes, TargetAttribute } from '../model/target-attribute.ts';
import { guidOf } from './guid.ts';
import { sourceType } from './runnable.ts';
import type {
  GraphAttribute,
  GraphAttributeMapping,
  GraphDirectory,
  GraphObjectDefinition,
  GraphObjectMapping,
  GraphRule,
} from './synchronization-schema.ts';

export const DEFAULT_ATTRIBUTE: Omit<GraphAttribute, 'name'> = {
  type: 'String',
  anchor: false,
  required: false,
  multivalued: false,
  caseExact: false,
  mutability: 'ReadWrite',
  defaultValue: null,
  flowNullValues: false,
  apiExpressions: [],
  metadata: [],
  referencedObjects: [],
};

const anchor = (name: string): GraphAttribute => ({
  ...DEFAULT_ATTRIBUTE,
  name,
  anchor: true,
  caseExact: true,
  mutability: 'ReadOnly',
});

/** Source attributes that are not single-valued text (mappings-and-scoping.md 5). */
const SOURCE_TYPES: Readonly<Record<string, Partial<GraphAttribute>>> = {
  IsSoftDeleted: { type: 'Boolean', required: true, mutability: 'ReadOnly' },
  accountEnabled: { type: 'Boolean' },
  dirSyncEnabled: { type: 'Boolean' },
  employeeHireDate: { type: 'DateTime' },
  employeeLeaveDateTime: { type: 'DateTime' },
  appRoleAssignments: { multivalued: true, mutability: 'ReadOnly' },
  proxyAddresses: { multivalued: true },
};

type Needed = { readonly directory: string; readonly object: string; readonly attributes: readonly GraphAttribute[] };

/**
 * One definition per directory and object that the rules name, in order; attributes in order of first use after the anchor.
 * @param known what the application's document lists: type and requirement come from there (gallery.md GC-07)
 */
export function deriveDirectories(rules: readonly GraphRule[], known: KnownAttributes = {}): readonly GraphDirectory[] {
  const needed = rules.flatMap((rule) =>
    rule.objectMappings
      .filter((mapping) => mapping.sourceObjectName !== '' && mapping.targetObjectName !== '')
      .flatMap((mapping): readonly Needed[] => [
        {
          directory: rule.sourceDirectoryName,
          object: mapping.sourceObjectName,
          attributes: sourceAttributes(mapping),
        },
        {
          directory: rule.targetDirectoryName,
          object: mapping.targetObjectName,
          attributes: targetAttributes(mapping, rule, known),
        },
      ]),
  );
  const names = [...new Set(rules.flatMap((rule) => [rule.sourceDirectoryName, rule.targetDirectoryName]))];
  return names.map((name) => ({
    id: guidOf(`directory/${name}`),
    name,
    readOnly: false,
    discoverabilities: 'None',
    discoveryDateTime: null,
    version: null,
    objects: definitionsOf(needed.filter(({ directory }) => directory === name)),
  }));
}

function definitionsOf(needed: readonly Needed[]): readonly GraphObjectDefinition[] {
  const objects = [...new Set(needed.map(({ object }) => object))];
  return objects.map((name) => {
    const attributes = needed.filter(({ object }) => object === name).flatMap((one) => one.attributes);
    return { name, supportedApis: [], metadata: [], attributes: firstOfEachName(attributes) };
  });
}

/** An object that is both read and written has the anchor it is first seen with. */
function firstOfEachName(attributes: readonly GraphAttribute[]): readonly GraphAttribute[] {
  const byName = new Map<string, GraphAttribute>();
  for (const attribute of attributes) {
    const isSecond = attribute.anchor && byName.size > 0;
    if (!byName.has(attribute.name)) byName.set(attribute.name, isSecond ? { ...attribute, anchor: false } : attribute);
  }
  return [...byName.values()];
}

function sourceAttributes(mapping: GraphObjectMapping): readonly GraphAttribute[] {
  const named = (name: string) => ({ ...DEFAULT_ATTRIBUTE, ...typeOfSource(name), name });
  return [anchor('objectId'), ...['IsSoftDeleted', ...attributesRead(mapping)].map(named)];
}

function typeOfSource(name: string): Partial<GraphAttribute> {
  if (name === 'manager') return { type: 'Reference', referencedObjects: referencesTo(['User']) };
  if (name === 'members') {
    return { type: 'Reference', multivalued: true, referencedObjects: referencesTo(['User', 'Group']) };
  }
  return Object.hasOwn(SOURCE_TYPES, name) ? (SOURCE_TYPES[name] ?? {}) : {};
}

/** Source attributes that rows and scoping filters read, in order. */
export function attributesRead({ scope, attributeMappings }: GraphObjectMapping): readonly string[] {
  const groups = scope === null ? [] : [...scope.groups, ...scope.inputFilterGroups, ...scope.categoryFilterGroups];
  const filtered = groups.flatMap(({ clauses }) => clauses.map((clause) => clause.sourceOperandName));
  return [...attributeMappings.flatMap(attributesOf), ...filtered];
}

/** Source attributes that one row reads; none for an expression that cannot be read. */
export function attributesOf({ source }: GraphAttributeMapping): readonly string[] {
  if (source === null) return [];
  if (source.type === 'Attribute') return [source.name];
  if (source.type !== 'Function') return [];
  try {
    return attributesIn(parseExpression(source.expression));
  } catch (problem) {
    if (problem instanceof ExpressionError) return [];
    throw problem;
  }
}

/** With the document's type and requirement. What it calls a text refers to nobody, also where the row reads the manager. */
function asListed(attribute: GraphAttribute, listed: TargetAttribute | undefined): GraphAttribute {
  if (listed === undefined) return attribute;
  const { documentType, type = 'string', documentRequired = attribute.required } = listed;
  const typed = { ...attribute, type: documentType ?? GRAPH_TYPES[type], required: documentRequired };
  return typed.type === 'Reference' ? typed : { ...typed, referencedObjects: [] };
}

function targetAttributes(
  mapping: GraphObjectMapping,
  rule: GraphRule,
  known: KnownAttributes,
): readonly GraphAttribute[] {
  const from = sourceType(mapping);
  const listed = new Map(
    (from === undefined ? [] : (known[from] ?? [])).map((attribute) => [attribute.name.toLowerCase(), attribute]),
  );
  const objects = (names: readonly string[]) =>
    rule.objectMappings.filter((one) => names.includes(one.sourceObjectName)).map((one) => one.targetObjectName);
  const derived = (row: GraphAttributeMapping): GraphAttribute => {
    const name = row.targetAttributeName;
    const required = row.matchingPriority === 1;
    const reads = row.source?.type === 'Attribute' ? row.source.name : undefined;
    const common = { ...DEFAULT_ATTRIBUTE, name, required };
    if (reads === 'manager')
      return { ...common, type: 'Reference', referencedObjects: referencesTo(objects(['User'])) };
    if (reads === 'members') {
      const referencedObjects = referencesTo(objects(['User', 'Group']));
      return { ...common, type: 'Reference', multivalued: true, referencedObjects };
    }
    if (name === 'roles') return { ...common, multivalued: true };
    return /(^|:)active$/i.test(name) ? { ...common, type: 'Boolean' } : common;
  };
  const rows = mapping.attributeMappings.map((row) => {
    const attribute = derived(row);
    return asListed(attribute, listed.get(attribute.name.toLowerCase()));
  });
  const hasAnchor = rows.some((row) => row.name.toLowerCase() === 'id');
  return hasAnchor
    ? rows.map((row) => (row.name.toLowerCase() === 'id' ? anchor(row.name) : row))
    : [anchor('id'), ...rows];
}

function referencesTo(objects: readonly string[]): GraphAttribute['referencedObjects'] {
  return [...new Set(objects)].map((referencedObjectName) => ({ referencedObjectName, referencedProperty: null }));
}
