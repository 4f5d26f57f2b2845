/** A mapping file → the checked mapping document, with every finding at its place (mappings-and-scoping.md 8). */
import { checkExpression } from '../expression/check.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type {
  AttributeMapping,
  FilterGroup,
  MappingDocument,
  MappingSource,
  ObjectMapping,
  ScopingFilter,
} from '../model/mapping.ts';
import { checkAttributePath } from '../scim/attribute-path.ts';
import { checkFilter } from '../scope/check-filter.ts';
import { mappingSchema } from './mapping-schema.ts';
import { type Finding, type KeyPath, readYamlFile, type YamlFile } from './yaml-file.ts';

export type LoadedMapping = { readonly mapping?: MappingDocument; readonly diagnostics: readonly Diagnostic[] };

type YamlFilter = { readonly name?: string; readonly all: readonly YamlClause[] };
type YamlClause = {
  readonly attr: string;
  readonly op: string;
  readonly value?: unknown;
  readonly values?: readonly string[];
};
type YamlRow = {
  readonly to: string;
  readonly from?: string;
  readonly const?: unknown;
  readonly expr?: string;
  readonly default?: unknown;
  readonly match?: number;
  readonly apply?: AttributeMapping['apply'];
  readonly when?: AttributeMapping['when'];
};
type YamlObject = {
  readonly name: string;
  readonly from: ObjectMapping['from'];
  readonly to: string;
  readonly enabled?: boolean;
  readonly actions?: ObjectMapping['actions'];
  readonly where?: readonly YamlFilter[];
  readonly preFilter?: readonly YamlFilter[];
  readonly category?: readonly YamlFilter[];
  readonly map: readonly YamlRow[];
};

/** The mapping when nothing in it is an error; the findings always. */
export async function loadMapping(path: string): Promise<LoadedMapping> {
  const yaml = await readYamlFile(path, mappingSchema);
  if (yaml.content === undefined || yaml.diagnostics.length > 0) return { diagnostics: yaml.diagnostics };
  const { template = 'scim', objects } = yaml.content as { template?: string; objects: readonly YamlObject[] };
  const diagnostics = objects.flatMap((object, index) => checkObject(yaml, object, ['objects', index]));
  if (diagnostics.some((one) => one.severity === 'error')) return { diagnostics };
  return { diagnostics, mapping: { template, objects: objects.map(toObjectMapping) } };
}

function toObjectMapping(object: YamlObject): ObjectMapping {
  const scope = toScope(object);
  return {
    name: object.name,
    from: object.from,
    to: object.to,
    enabled: object.enabled ?? true,
    actions: object.actions ?? ['create', 'update', 'delete'],
    map: object.map.map(toAttributeMapping),
    ...(scope === undefined ? {} : { scope }),
  };
}

function toAttributeMapping(row: YamlRow): AttributeMapping {
  return {
    target: row.to,
    source: toSource(row),
    apply: row.apply ?? 'always',
    when: row.when ?? 'changed',
    ...(row.match === undefined ? {} : { match: row.match }),
    ...(row.default === undefined ? {} : { defaultValue: String(row.default) }),
  };
}

function toSource(row: YamlRow): MappingSource {
  if (row.from !== undefined) return { kind: 'direct', attribute: row.from };
  if (row.const !== undefined) return { kind: 'constant', value: String(row.const) };
  return row.expr === undefined ? { kind: 'none' } : { kind: 'expression', text: row.expr };
}

function toScope(object: YamlObject): ScopingFilter | undefined {
  if (object.where === undefined && object.preFilter === undefined && object.category === undefined) return undefined;
  return {
    groups: (object.where ?? []).map(toGroup),
    inputFilterGroups: (object.preFilter ?? []).map(toGroup),
    categoryFilterGroups: (object.category ?? []).map(toGroup),
  };
}

function toGroup(filter: YamlFilter): FilterGroup {
  return {
    ...(filter.name === undefined ? {} : { name: filter.name }),
    clauses: filter.all.map((clause) => ({
      sourceOperandName: clause.attr,
      operatorName: clause.op,
      targetOperand: { values: clause.values ?? (clause.value === undefined ? [] : [String(clause.value)]) },
    })),
  };
}

function checkObject(yaml: YamlFile, object: YamlObject, path: KeyPath): readonly Diagnostic[] {
  const report = (where: KeyPath, finding: Finding) => yaml.report([...path, ...where], finding);
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const [index, row] of object.map.entries()) {
    diagnostics.push(...checkRow(row, index, report));
    const key = row.to.toLowerCase();
    if (seen.has(key)) {
      const summary = `Another row above writes ${row.to} too. One target attribute takes one row.`;
      diagnostics.push(report(['map', index, 'to'], { severity: 'error', code: 'duplicate-target', summary }));
    }
    seen.add(key);
  }
  diagnostics.push(...checkWhole(object, report), ...checkScope(object, report));
  return diagnostics;
}

type Report = (where: KeyPath, finding: Finding) => Diagnostic;

function checkRow(row: YamlRow, index: number, report: Report): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const at = (key: string): KeyPath => ['map', index, key];
  const problem = checkAttributePath(row.to);
  if (problem !== undefined) {
    const summary = `"${row.to}" is not a target path: ${problem.message}.`;
    diagnostics.push(report(at('to'), { severity: 'error', code: 'bad-path', summary, offset: problem.offset }));
  }
  if (row.to.toLowerCase() === 'id') {
    const summary = 'The id belongs to the target; it should not be mapped.';
    diagnostics.push(report(at('to'), { severity: 'warning', code: 'anchor-mapped', summary }));
  }
  const sources = [row.from, row.const, row.expr].filter((source) => source !== undefined);
  if (sources.length > 1) {
    const summary = `A row has one source: from, const or expr; ${row.to} has ${sources.length}.`;
    diagnostics.push(report(at('to'), { severity: 'error', code: 'several-sources', summary }));
  }
  if (sources.length === 0 && row.default === undefined) {
    const summary = `${row.to} needs from, const or expr, or a default.`;
    diagnostics.push(report(at('to'), { severity: 'error', code: 'no-source', summary }));
  }
  if (row.from === 'appRoleAssignments') {
    const summary =
      'appRoleAssignments is a list of objects; use SingleAppRoleAssignment or AssertiveAppRoleAssignmentsComplex.';
    diagnostics.push(report(at('from'), { severity: 'warning', code: 'raw-role-assignments', summary }));
  }
  for (const found of row.expr === undefined ? [] : checkExpression(row.expr)) {
    const { severity, code, message, start, length } = found;
    diagnostics.push(report(at('expr'), { severity, code, summary: message, offset: start, length }));
  }
  return diagnostics;
}

function checkWhole(object: YamlObject, report: Report): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (object.enabled !== false && !object.map.some((row) => row.match !== undefined)) {
    const summary = `No row of "${object.name}" has "match": without a matching attribute every account would be made twice.`;
    diagnostics.push(report(['map'], { severity: 'error', code: 'no-matching-attribute', summary, atKey: true }));
  }
  const reads = (name: string) =>
    object.map.some((row) => row.from === name || row.expr?.includes(`[${name}]`) === true);
  if (object.from === 'User' && !reads('IsSoftDeleted') && !reads('accountEnabled')) {
    const summary = 'No row reads IsSoftDeleted: users who leave will not be disabled in the target.';
    diagnostics.push(report(['map'], { severity: 'warning', code: 'soft-delete-not-mapped', summary, atKey: true }));
  }
  return diagnostics;
}

function checkScope(object: YamlObject, report: Report): readonly Diagnostic[] {
  const filter: ScopingFilter = { groups: (object.where ?? []).map(toGroup) };
  return checkFilter(filter).map((problem) => {
    const clause: KeyPath = problem.clause === undefined ? [] : ['all', problem.clause];
    const { severity, code, message } = problem;
    return report(['where', problem.group, ...clause], { severity, code, summary: message });
  });
}
