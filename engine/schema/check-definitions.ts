/** Rules and object mappings against the directory definitions of the same schema (graph-api.md 8.4). */
import { errorFinding, type KeyPath, type Report, sentence, warningFinding } from '../config/finding.ts';
import type { ScopingFilter } from '../model/mapping.ts';
import { suggest } from '../model/suggest.ts';
import { checkFilter, type KnownDefinitions } from '../scope/check-filter.ts';
import type { AttributeType } from '../scope/operators.ts';
import type { ImportedObject } from './check-rows.ts';
import { attributesOf } from './derive-directories.ts';
import type {
  GraphFilterGroup,
  GraphObjectDefinition,
  GraphRule,
  GraphScope,
  SynchronizationSchema,
} from './synchronization-schema.ts';

export type DefinitionContext = {
  /** There are none in the document: names cannot be checked. */
  readonly directoriesDerived: boolean;
  readonly objects: readonly ImportedObject[];
  /** Keeps what nobody documents. */
  readonly lenient: boolean;
  readonly report: Report;
};

/** Reports names that are used twice, that nothing defines, and filters and rows the definitions do not allow. */
export function checkDefinitions(schema: SynchronizationSchema, context: DefinitionContext): void {
  const { report, directoriesDerived } = context;
  checkUnique(schema, report);
  for (const [index, rule] of schema.synchronizationRules.entries()) checkRule(schema, rule, index, context);
  for (const object of context.objects) {
    const rule = schema.synchronizationRules[object.ruleIndex];
    const find = (directory: string | undefined, name: string) =>
      directoriesDerived
        ? undefined
        : schema.directories.find((one) => one.name === directory)?.objects.find((one) => one.name === name);
    const source = find(rule?.sourceDirectoryName, object.graph.sourceObjectName);
    const target = find(rule?.targetDirectoryName, object.graph.targetObjectName);
    checkScope(object, source, context);
    if (source !== undefined) checkSource(object, source, report);
    if (target !== undefined) checkTarget(object, target, report);
  }
}

function checkUnique({ synchronizationRules, directories }: SynchronizationSchema, report: Report): void {
  const check = (names: readonly string[], what: string, where: (index: number) => KeyPath) => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      report(
        where(index),
        errorFinding('duplicate-name', `There is another ${what} "${name}" above. Remove one of them.`),
      );
    }
  };
  check(
    synchronizationRules.map(({ id }) => id),
    'rule with the id',
    (index) => ['synchronizationRules', index, 'id'],
  );
  check(
    directories.map(({ name }) => name),
    'directory',
    (index) => ['directories', index, 'name'],
  );
  for (const [at, { objects }] of directories.entries()) {
    check(
      objects.map(({ name }) => name),
      'object definition',
      (index) => ['directories', at, 'objects', index, 'name'],
    );
    for (const [position, { attributes }] of objects.entries()) {
      check(
        attributes.map(({ name }) => name),
        'attribute definition',
        (index) => ['directories', at, 'objects', position, 'attributes', index, 'name'],
      );
    }
  }
}

function checkRule(schema: SynchronizationSchema, rule: GraphRule, index: number, context: DefinitionContext): void {
  const { report, objects, directoriesDerived } = context;
  const path: KeyPath = ['synchronizationRules', index];
  if (rule.containerFilter !== null && rule.groupFilter !== null) {
    const summary = 'A rule has a containerFilter or a groupFilter, not both. Remove one of them.';
    report([...path, 'groupFilter'], errorFinding('two-rule-filters', summary));
  }
  if (directoriesDerived) return;
  for (const side of ['source', 'target'] as const) {
    const name = rule[`${side}DirectoryName`];
    const directory = schema.directories.find((one) => one.name === name);
    if (directory === undefined) {
      const hint = hintFor(
        name,
        schema.directories.map((one) => one.name),
      );
      report(
        [...path, `${side}DirectoryName`],
        errorFinding('unknown-directory', `There is no directory "${name}". ${hint}`),
      );
      continue;
    }
    for (const object of objects.filter((one) => one.ruleIndex === index)) {
      const wanted = object.graph[`${side}ObjectName`];
      const definition = directory.objects.find((one) => one.name === wanted);
      const where: KeyPath = [...object.path, `${side}ObjectName`];
      if (definition === undefined) {
        const hint = hintFor(
          wanted,
          directory.objects.map((one) => one.name),
        );
        report(where, errorFinding('unknown-object', `The directory ${name} defines no object "${wanted}". ${hint}`));
      } else if (definition.attributes.filter((one) => one.anchor).length !== 1) {
        const summary = `Of the attributes of ${wanted} in ${name}, exactly one must be the anchor.`;
        report(where, errorFinding('anchor-count', summary));
      }
    }
  }
}

function hintFor(name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  return near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}

function checkScope(
  { graph, path }: ImportedObject,
  source: GraphObjectDefinition | undefined,
  { lenient, report }: DefinitionContext,
): void {
  if (graph.scope === null) return;
  const known: KnownDefinitions | undefined =
    source === undefined
      ? undefined
      : {
          complete: true,
          // A type that --lenient kept is not of this list, and then fits no operator.
          attributes: new Map(
            source.attributes.map((one) => [
              one.name,
              { type: one.type as AttributeType, multivalued: one.multivalued },
            ]),
          ),
        };
  for (const { severity, code, message, path: within } of checkFilter(toFilter(graph.scope), known)) {
    // The portal has shown operators that nobody documents; evaluating one fails (mappings-and-scoping.md 6.2).
    const kept = lenient && code === 'unknown-operator';
    const summary = sentence(message) + (kept ? ' It is kept for export; a job with it does not run.' : '');
    report([...path, 'scope', ...within], { severity: kept ? 'warning' : severity, code, summary });
  }
}

/** The model has no name where Graph has null. */
function toFilter(scope: GraphScope): ScopingFilter {
  const named = (groups: readonly GraphFilterGroup[]) =>
    groups.map(({ name, clauses }) => (name === null ? { clauses } : { name, clauses }));
  const { groups, inputFilterGroups, categoryFilterGroups } = scope;
  return {
    groups: named(groups),
    inputFilterGroups: named(inputFilterGroups),
    categoryFilterGroups: named(categoryFilterGroups),
  };
}

function checkSource({ graph, path }: ImportedObject, source: GraphObjectDefinition, report: Report): void {
  const names = source.attributes.map((one) => one.name);
  const known = new Set(names);
  for (const [index, row] of graph.attributeMappings.entries()) {
    const field = row.source?.type === 'Attribute' ? 'name' : 'expression';
    for (const name of new Set(attributesOf(row))) {
      if (known.has(name)) continue;
      const summary = `${source.name} has no source attribute "${name}" in this schema; case counts. ${hintFor(name, names)}`;
      const where: KeyPath = [...path, 'attributeMappings', index, 'source', field];
      report(where, errorFinding('unknown-source-attribute', summary));
    }
  }
}

function checkTarget({ graph, path }: ImportedObject, target: GraphObjectDefinition, report: Report): void {
  const names = target.attributes.map((one) => one.name);
  const known = new Set(names.map((name) => name.toLowerCase()));
  const written = new Set(graph.attributeMappings.map((row) => row.targetAttributeName.toLowerCase()));
  for (const [index, { targetAttributeName }] of graph.attributeMappings.entries()) {
    if (known.has(targetAttributeName.toLowerCase())) continue;
    const summary = `${target.name} has no target attribute "${targetAttributeName}" in this schema. ${hintFor(targetAttributeName, names)}`;
    const where: KeyPath = [...path, 'attributeMappings', index, 'targetAttributeName'];
    report(where, errorFinding('unknown-target-attribute', summary));
  }
  for (const { name, required, anchor, defaultValue } of target.attributes) {
    if (!required || anchor || defaultValue !== null || written.has(name.toLowerCase())) continue;
    const summary = `${target.name} requires ${name}, and no row writes it: creating will fail.`;
    report([...path, 'attributeMappings'], warningFinding('required-not-mapped', summary));
  }
}
