/** Turns a checked mapping document into rows ready to evaluate: once, at load. A cycle never parses (style 11). */
import { compileExpression } from '../expression/evaluate.ts';
import type { EvaluationContext } from '../expression/function-definition.ts';
import type { AttributeMapping, MappingDocument, ObjectMapping, TargetAction } from '../model/mapping.ts';
import type { ResourceType } from '../model/scim-message.ts';
import type { ObjectType } from '../model/source-object.ts';
import { type AttributePath, parseAttributePath } from '../scim/attribute-path.ts';
import { type CompiledFilter, compileFilter } from '../scope/scoping-filter.ts';

export type SourceAttributes = Readonly<Record<string, unknown>>;

export type CompiledRow = {
  readonly path: AttributePath;
  readonly row: AttributeMapping;
  /** The value for the target before defaults and null rules; undefined for a row of kind `none`. */
  readonly evaluate: (source: SourceAttributes, context: EvaluationContext) => unknown;
  /** Source attributes the row reads. */
  readonly reads: readonly string[];
};

/** A row that carries a reference: its value is a source id, translated to a target id in the later pass. */
export type ReferenceRow = {
  readonly kind: 'manager' | 'members';
  readonly path: AttributePath;
  readonly row: AttributeMapping;
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
};

/** The enabled object mappings, users before groups. @throws ExpressionError, EngineError for what `validate` reports with its place. */
export function compileMapping(document: MappingDocument): readonly CompiledObjectMapping[] {
  return document.objects
    .filter((mapping) => mapping.enabled)
    .map(compileObjectMapping)
    .sort((a, b) => Number(a.type === 'Group') - Number(b.type === 'Group'));
}

function compileObjectMapping(mapping: ObjectMapping): CompiledObjectMapping {
  const references: ReferenceRow[] = [];
  const rows: CompiledRow[] = [];
  for (const row of mapping.map) {
    const path = parseAttributePath(row.target);
    const kind = referenceKind(row);
    if (kind === undefined) rows.push({ path, row, ...compileSource(row) });
    else references.push({ kind, path, row });
  }
  const matching = rows
    .filter((compiled) => compiled.row.match !== undefined)
    .sort((a, b) => (a.row.match ?? 0) - (b.row.match ?? 0));
  return {
    name: mapping.name,
    type: mapping.from,
    resourceType: resourceTypeOf(mapping),
    targetType: mapping.to,
    actions: new Set(mapping.actions),
    scope: compileFilter(mapping.scope),
    rows,
    matching,
    references,
  };
}

/** `Group` for a target object named so, or whose schema URN ends so; else `User`. */
function resourceTypeOf(mapping: ObjectMapping): ResourceType {
  return /(^|:)group$/i.test(mapping.to) ? 'Group' : 'User';
}

function referenceKind(row: AttributeMapping): ReferenceRow['kind'] | undefined {
  if (row.source.kind !== 'direct') return undefined;
  if (row.source.attribute === 'manager') return 'manager';
  return row.source.attribute === 'members' ? 'members' : undefined;
}

function compileSource(row: AttributeMapping): Pick<CompiledRow, 'evaluate' | 'reads'> {
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
      return { reads: compiled.attributes, evaluate: (attributes, context) => compiled.evaluate(attributes, context) };
    }
    case 'none':
      return { reads: [], evaluate: () => undefined };
  }
}
