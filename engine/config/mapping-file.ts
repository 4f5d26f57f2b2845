/** A mapping file as written, once it has the shape of the schema (graph-api.md 14). */

import type {
  AttributeMapping,
  FilterGroup,
  MappingDocument,
  MappingSource,
  ObjectMapping,
  ScopingFilter,
} from '../model/mapping.ts';
import type { TargetAttribute } from '../model/target-attribute.ts';
import type { AttributeType } from '../scope/operators.ts';

type Constant = string | number | boolean;

/** Fields of an imported schema without a key of their own in the mapping file, in Graph's spelling. */
export type Raw = Readonly<Record<string, unknown>>;

export type YamlClause = {
  readonly attr: string;
  readonly op: string;
  readonly value?: Constant;
  readonly values?: readonly Constant[];
  readonly raw?: Raw;
};

export type YamlFilter = { readonly name?: string; readonly all: readonly YamlClause[]; readonly raw?: Raw };

export type YamlRow = {
  readonly to: string;
  readonly from?: string;
  readonly const?: Constant;
  readonly expr?: string;
  readonly default?: Constant;
  readonly match?: number;
  readonly apply?: AttributeMapping['apply'];
  readonly when?: AttributeMapping['when'];
  readonly raw?: Raw;
};

export type YamlObject = {
  readonly name: string;
  readonly from: ObjectMapping['from'];
  readonly to: string;
  readonly enabled?: boolean;
  readonly actions?: ObjectMapping['actions'];
  readonly where?: readonly YamlFilter[];
  readonly preFilter?: readonly YamlFilter[];
  readonly category?: readonly YamlFilter[];
  readonly map: readonly YamlRow[];
  readonly raw?: Raw;
};

/** One attribute of a directory definition: what differs from a single-valued text that may be written. */
export type YamlAttribute = {
  readonly type?: 'string' | 'integer' | 'reference' | 'binary' | 'boolean' | 'datetime';
  readonly key?: boolean;
  readonly required?: boolean;
  readonly multi?: boolean;
  readonly caseExact?: boolean;
  readonly access?: 'rw' | 'ro' | 'immutable' | 'wo';
  readonly refs?: readonly string[];
  readonly default?: Constant;
  readonly sendNulls?: boolean;
  readonly raw?: Raw;
};

export type YamlDefinition = { readonly attributes: Readonly<Record<string, YamlAttribute>>; readonly raw?: Raw };

export type YamlDirectory = { readonly objects: Readonly<Record<string, YamlDefinition>>; readonly raw?: Raw };

export type YamlMapping = {
  readonly template?: string;
  readonly objects: readonly YamlObject[];
  /** Directory definitions by name, when the schema's own are not what export would derive from the rows. */
  readonly directories?: Readonly<Record<string, YamlDirectory>>;
  readonly raw?: Raw;
};

/** Names of the source directory of outbound rules; its definitions are not about the target. */
const SOURCE_DIRECTORIES: readonly string[] = ['Azure Active Directory', 'Microsoft Entra ID'];

/** How Graph writes the type of an attribute. */
export const GRAPH_TYPES: Readonly<Record<NonNullable<YamlAttribute['type']>, AttributeType>> = {
  string: 'String',
  integer: 'Integer',
  reference: 'Reference',
  binary: 'Binary',
  boolean: 'Boolean',
  datetime: 'DateTime',
};

/** What the directory definitions of the file say of the target attributes of `object` (graph-api.md 8.4). */
function definedAttributes(
  object: YamlObject,
  directories: NonNullable<YamlMapping['directories']>,
): readonly TargetAttribute[] {
  const definition = definitionOf(directories, 'target', object.to);
  return Object.entries(definition?.attributes ?? {}).map(([name, attribute]) => ({
    name,
    required: attribute.required ?? false,
    caseExact: attribute.caseExact ?? false,
    definition: {
      type: attribute.type ?? 'string',
      multi: attribute.multi ?? false,
      access: attribute.access ?? 'rw',
      ...(attribute.default === undefined ? {} : { default: toText(attribute.default) }),
      ...maximumLengthOf(attribute),
    },
  }));
}

/** Graph keeps it among the metadata of the attribute, as text (mappings-and-scoping.md 2.5). */
function maximumLengthOf({ raw }: YamlAttribute): { readonly maximumLength?: number } {
  const metadata: unknown = raw?.metadata;
  if (!Array.isArray(metadata)) return {};
  const entry = metadata.find((one: { readonly key?: unknown } | null) => one?.key === 'MaximumLength');
  const text = String((entry as { readonly value?: unknown } | undefined)?.value ?? '');
  return /^[1-9]\d{0,8}$/.test(text) ? { maximumLength: Number(text) } : {};
}

/** The file as the engine runs it, as a job of `template`. */
export function toMappingDocument({ objects, directories = {} }: YamlMapping, template: string): MappingDocument {
  return {
    template,
    objects: objects.map((object) => toObjectMapping(object, definedAttributes(object, directories))),
  };
}

/** How the file defines the object `name` of the source or of the target; undefined when it does not. */
export function definitionOf(
  directories: NonNullable<YamlMapping['directories']>,
  side: 'source' | 'target',
  name: string,
): YamlDefinition | undefined {
  return Object.entries(directories)
    .filter(([directory]) => SOURCE_DIRECTORIES.includes(directory) === (side === 'source'))
    .map(([, { objects }]) => (Object.hasOwn(objects, name) ? objects[name] : undefined))
    .find((one) => one !== undefined);
}

/** The object mapping with defaults filled in. */
export function toObjectMapping(object: YamlObject, attributes: readonly TargetAttribute[] = []): ObjectMapping {
  const scope = toScope(object);
  return {
    name: object.name,
    from: object.from,
    to: object.to,
    enabled: object.enabled ?? true,
    actions: object.actions ?? ['create', 'update', 'delete'],
    map: object.map.map(toAttributeMapping),
    ...(scope === undefined ? {} : { scope }),
    ...(attributes.length === 0 ? {} : { attributes }),
  };
}

function toAttributeMapping(row: YamlRow): AttributeMapping {
  return {
    target: row.to,
    source: toSource(row),
    apply: row.apply ?? 'always',
    when: row.when ?? 'changed',
    ...(row.match === undefined ? {} : { match: row.match }),
    ...(row.default === undefined ? {} : { defaultValue: toText(row.default) }),
  };
}

function toSource(row: YamlRow): MappingSource {
  if (row.from !== undefined) return { kind: 'direct', attribute: row.from };
  if (row.const !== undefined) return { kind: 'constant', value: toText(row.const) };
  return row.expr === undefined ? { kind: 'none' } : { kind: 'expression', text: row.expr };
}

function toScope(object: YamlObject): ScopingFilter | undefined {
  if (object.where === undefined && object.preFilter === undefined && object.category === undefined) return undefined;
  return {
    groups: toGroups(object.where),
    inputFilterGroups: toGroups(object.preFilter),
    categoryFilterGroups: toGroups(object.category),
  };
}

/** Filters in Graph's shape. */
export function toGroups(filters: readonly YamlFilter[] | undefined): readonly FilterGroup[] {
  return (filters ?? []).map((filter) => ({
    ...(filter.name === undefined ? {} : { name: filter.name }),
    clauses: filter.all.map((clause) => ({
      sourceOperandName: clause.attr,
      operatorName: clause.op,
      targetOperand: { values: operandsOf(clause).map(toText) },
    })),
  }));
}

function operandsOf({ value, values }: YamlClause): readonly Constant[] {
  return values ?? (value === undefined ? [] : [value]);
}

/** Entra's text form: booleans are `True` and `False` (mappings-and-scoping.md 6.2). */
export function toText(value: Constant): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
