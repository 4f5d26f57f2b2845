/** Turns a checked mapping document into rows ready to evaluate: once, at load. A cycle never parses (style 11). */
import { compileExpression } from '../expression/evaluate.ts';
import type { EvaluationContext } from '../expression/function-definition.ts';
import { parseExpression } from '../expression/parse.ts';
import type {
  AttributeMapping,
  MappingDocument,
  MappingSource,
  ObjectMapping,
  TargetAction,
} from '../model/mapping.ts';
import type { ResourceType } from '../model/scim-message.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { KnownAttributes, TargetAttribute } from '../model/target-attribute.ts';
import { type AttributePath, parseWrittenPath, pathKey } from '../scim/attribute-path.ts';
import { type CoreAttribute, coreAttribute } from '../scim/core-attributes.ts';
import { type CompiledFilter, compileFilter } from '../scope/scoping-filter.ts';

export type SourceAttributes = Readonly<Record<string, unknown>>;

export type CompiledRow = {
  /** Where the value goes in requests. */
  readonly path: AttributePath;
  readonly row: AttributeMapping;
  /** What is known of the target attribute. */
  readonly attribute?: TargetAttribute;
  /** What RFC 7643 says of it. */
  readonly core?: CoreAttribute;
  /** The value for the target before defaults and null rules; undefined for a row of kind `none`. */
  readonly evaluate: (source: SourceAttributes, context: EvaluationContext) => unknown;
  /** Source attributes the row reads. */
  readonly reads: readonly string[];
  /** Values are added to a list of the target, and none is removed. */
  readonly addsOnly: boolean;
  /** Its values are not to be logged (`Redact`). */
  readonly redacted?: boolean;
  /** Its value must be one that nobody in the target holds (`SelectUniqueValue`). */
  readonly unique?: boolean;
};

/** A row that carries a reference: its value is a source id, translated to a target id in the later pass. */
export type ReferenceRow = {
  readonly kind: 'manager' | 'members';
  readonly path: AttributePath;
  readonly row: AttributeMapping;
  readonly attribute?: TargetAttribute;
};

export type CompiledObjectMapping = {
  readonly name: string;
  readonly type: ObjectType;
  readonly resourceType: ResourceType;
  /** `to` as written: the identity type of the log record. */
  readonly targetType: string;
  readonly actions: ReadonlySet<TargetAction>;
  readonly scope: CompiledFilter;
  /** Value rows in stored order. */
  readonly rows: readonly CompiledRow[];
  /** Rows that take part in matching, lowest precedence number first, stored order among equals. */
  readonly matching: readonly CompiledRow[];
  readonly references: readonly ReferenceRow[];
  /** Paths whose values go out as their JSON type in every dialect. */
  readonly typed: readonly string[];
  /** Paths and source attributes whose values are not to be logged (expressions.md 8.2, `Redact`). */
  readonly redacted: { readonly paths: readonly string[]; readonly sources: readonly string[] };
  /** Paths of lists from which nothing is removed. */
  readonly addsOnly: readonly string[];
  /** Paths of app roles that the legacy dialect adds as JSON text (scim-wire.md 6.8). */
  readonly roleLists: readonly string[];
  /** Paths written even when nothing differs. */
  readonly always: readonly string[];
  /** Paths whose text is compared without case (ruling R17). */
  readonly ignoreCase: readonly string[];
  /** Path in requests → target attribute as the mapping names it, for logs. */
  readonly nameOf: (path: string) => string;
};

/** The enabled object mappings, users before groups. @throws ExpressionError, EngineError for what `validate` reports with its place. */
export function compileMapping(
  document: MappingDocument,
  known: KnownAttributes = {},
): readonly CompiledObjectMapping[] {
  return document.objects
    .filter((mapping) => mapping.enabled)
    .map((mapping) => compileObjectMapping(mapping, known[mapping.from] ?? []))
    .sort((a, b) => Number(a.type === 'Group') - Number(b.type === 'Group'));
}

function compileObjectMapping(mapping: ObjectMapping, known: readonly TargetAttribute[]): CompiledObjectMapping {
  // Attribute names ignore case; what an application profile says goes before the file's own definitions.
  const attributes = new Map(
    [...(mapping.attributes ?? []), ...known].map((attribute) => [pathKey(attribute.name), attribute]),
  );
  const resourceType = resourceTypeOf(mapping);
  const names = new Map<string, string>();
  const references: ReferenceRow[] = [];
  const rows: CompiledRow[] = [];
  for (const row of mapping.map) {
    const attribute = attributes.get(pathKey(row.target));
    const path = parseWrittenPath(attribute?.wire ?? row.target);
    names.set(path.text, row.target);
    const shared = { path, row, ...(attribute === undefined ? {} : { attribute }) };
    const kind = referenceKind(row);
    const core = coreAttribute(resourceType, path);
    if (kind === undefined) {
      rows.push({
        ...shared,
        ...(core === undefined ? {} : { core }),
        addsOnly: addsOnly(row),
        ...compileSource(row),
      });
    } else references.push({ ...shared, kind });
  }
  const matching = rows
    .filter((compiled) => compiled.row.match !== undefined)
    .sort((a, b) => (a.row.match ?? 0) - (b.row.match ?? 0));
  return {
    name: mapping.name,
    type: mapping.from,
    resourceType,
    targetType: mapping.to,
    actions: new Set(mapping.actions),
    scope: compileFilter(mapping.scope),
    rows,
    matching,
    references,
    typed: [
      ...pathsWith(rows, ({ type }) => type === 'boolean' || type === 'integer'),
      ...pathsOf(rows, ({ row }) => calls(row, 'AssertiveAppRoleAssignmentsComplex')),
    ],
    redacted: {
      paths: pathsOf(rows, ({ redacted }) => redacted === true),
      sources: rows.flatMap(({ redacted, reads }) => (redacted === true ? reads : [])),
    },
    addsOnly: pathsOf(rows, (row) => row.addsOnly),
    roleLists: pathsOf(rows, ({ row }) => calls(row, 'AppRoleAssignmentsComplex')),
    always: pathsOf(rows, ({ row }) => row.when === 'everyCycle'),
    ignoreCase: pathsWith(rows, ({ caseExact }) => caseExact === false),
    nameOf: (path) => names.get(path) ?? path,
  };
}

function pathsWith(rows: readonly CompiledRow[], test: (attribute: TargetAttribute) => boolean): readonly string[] {
  return pathsOf(rows, ({ attribute }) => attribute !== undefined && test(attribute));
}

function pathsOf(rows: readonly CompiledRow[], test: (row: CompiledRow) => boolean): readonly string[] {
  return rows.filter(test).map(({ path }) => path.text);
}

/** Roles given by AppRoleAssignmentsComplex are only ever added (expressions.md 8.4). */
function addsOnly(row: AttributeMapping): boolean {
  return row.apply === 'addValues' || row.apply === 'noRemove' || calls(row, 'AppRoleAssignmentsComplex');
}

/** Whether the row is a call of `name`: not one that has the call somewhere inside. */
function calls({ source }: AttributeMapping, name: string): boolean {
  if (source.kind !== 'expression') return false;
  const tree = parseExpression(source.text);
  return tree.kind === 'call' && tree.name === name;
}

/** `Group` for a target object named so, or whose schema URN ends so; else `User`. */
function resourceTypeOf(mapping: ObjectMapping): ResourceType {
  return /(^|:)group$/i.test(mapping.to) ? 'Group' : 'User';
}

function referenceKind({ source }: AttributeMapping): ReferenceRow['kind'] | undefined {
  const attribute = source.kind === 'expression' ? attributeIn(source.text) : attributeOf(source);
  return attribute === 'manager' || attribute === 'members' ? attribute : undefined;
}

function attributeOf(source: MappingSource): string | undefined {
  return source.kind === 'direct' ? source.attribute : undefined;
}

/** The attribute that an expression is, and nothing besides: `[manager]` is the reference as well. */
function attributeIn(text: string): string | undefined {
  const tree = parseExpression(text);
  return tree.kind === 'attribute' ? tree.name : undefined;
}

function compileSource(row: AttributeMapping): Pick<CompiledRow, 'evaluate' | 'reads' | 'unique' | 'redacted'> {
  const { source } = row;
  switch (source.kind) {
    case 'direct': {
      const name = source.attribute;
      return {
        reads: [name],
        evaluate: (attributes) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined),
      };
    }
    case 'constant': {
      const value = source.value;
      return { reads: [], evaluate: () => value };
    }
    case 'expression': {
      const compiled = compileExpression(source.text);
      return {
        reads: compiled.attributes,
        evaluate: (attributes, context) => compiled.evaluate(attributes, context),
        ...(compiled.functions.includes('SelectUniqueValue') ? { unique: true } : {}),
        ...(compiled.functions.includes('Redact') ? { redacted: true } : {}),
      };
    }
    case 'none':
      return { reads: [], evaluate: () => undefined };
  }
}
