/** Graph's `synchronizationSchema`, parsed from JSON → a mapping file and every finding (graph-api.md 8.3, 14). */
import isEqual from 'lodash/isEqual.js';
import type { SchemaFinding } from '../config/check-schema.ts';
import { errorFinding, type KeyPath, type Report, warningFinding } from '../config/finding.ts';
import type { Raw, YamlDirectory, YamlMapping, YamlObject } from '../config/mapping-file.ts';
import type { KnownAttributes } from '../model/target-attribute.ts';
import { checkDefinitions } from './check-definitions.ts';
import { checkRows, type ImportedObject } from './check-rows.ts';
import { deriveDirectories } from './derive-directories.ts';
import { areKeys, hasKeys, toYamlDirectory } from './directory-definition.ts';
import { toRule } from './export-schema.ts';
import { normalizeSchema } from './normalize-schema.ts';
import { rowPositions, toYamlObject } from './object-mapping.ts';
import { sourceType, whyKept } from './runnable.ts';
import { templateOfId, templateSchemaId } from './schema-fields.ts';
import type { GraphDirectory, GraphRule, SynchronizationSchema } from './synchronization-schema.ts';

export type ImportedSchema = {
  /** Undefined when a finding is an error. `exportSchema` of it gives the normalised schema back. */
  readonly mapping?: YamlMapping;
  /** In order of the checks; places are keys and positions in the JSON document. */
  readonly findings: readonly SchemaFinding[];
};

export type ImportOptions = {
  /** Keeps undocumented members of enumerations (ruling R13). */
  readonly lenient: boolean;
  /** What the application's document lists: definitions that say no more are not written to the file. */
  readonly known?: KnownAttributes;
};

/** @param document what `JSON.parse` gives */
export function importSchema(document: unknown, { lenient, known = {} }: ImportOptions): ImportedSchema {
  const findings: SchemaFinding[] = [];
  const report: Report = (path, finding) => findings.push({ path, finding });
  const { schema, directoriesDerived } = normalizeSchema(document, { lenient, report, known });
  const objects = importObjects(schema, report);
  checkDefinitions(schema, { directoriesDerived, objects, lenient, report });
  checkRows(objects, report);
  if (objects.length === 0) {
    const summary = 'No object mapping goes from User or Group to an application: there is nothing to run.';
    report(['synchronizationRules'], errorFinding('nothing-to-run', summary));
  }
  if (findings.some(({ finding }) => finding.severity === 'error')) return { findings };
  return { findings, mapping: toMapping(schema, objects, known) };
}

/** The object mappings that can run, each under a name of its own. */
function importObjects(schema: SynchronizationSchema, report: Report): readonly ImportedObject[] {
  const taken = new Set<string>();
  return schema.synchronizationRules.flatMap((rule, ruleIndex) =>
    rule.objectMappings.flatMap((graph, index): readonly ImportedObject[] => {
      const path: KeyPath = ['synchronizationRules', ruleIndex, 'objectMappings', index];
      reportRedacted(graph, path, report);
      const why = whyKept(rule, graph);
      const from = sourceType(graph);
      if (why !== undefined || from === undefined) {
        // Templates are full of switched-off placeholders; they are nobody's loss.
        const code = from !== undefined && graph.attributeMappings.length === 0 ? 'mapping-empty' : 'mapping-kept';
        if (graph.enabled) report(path, warningFinding(code, `${why} It is kept for export and does not run.`));
        return [];
      }
      const name = freeName(graph.name || `${graph.sourceObjectName}s`, taken);
      reportInertRows(graph, path, report);
      return [{ path, ruleIndex, graph, rows: rowPositions(graph), yaml: toYamlObject(graph, name, from) }];
    }),
  );
}

/** Without the permission to read custom security attributes, their names come as `redacted` (mappings-and-scoping.md 7.11.8). */
function reportRedacted({ attributeMappings }: ImportedObject['graph'], path: KeyPath, report: Report): void {
  for (const [index, { targetAttributeName, source }] of attributeMappings.entries()) {
    const isRedacted = [targetAttributeName, source?.name ?? ''].some((name) => /^(.*[._])?redacted$/i.test(name));
    if (!isRedacted) continue;
    const summary =
      'A custom security attribute came without its name. Export again with permission to read it, or remove the row.';
    report([...path, 'attributeMappings', index, 'targetAttributeName'], errorFinding('redacted-name', summary));
  }
}

function reportInertRows(graph: ImportedObject['graph'], path: KeyPath, report: Report): void {
  for (const [index, { source, matchingPriority, targetAttributeName }] of graph.attributeMappings.entries()) {
    const where: KeyPath = [...path, 'attributeMappings', index];
    if (source === null && matchingPriority > 0) {
      const summary = `${targetAttributeName} has no source to match with; its matching priority does nothing.`;
      report([...where, 'matchingPriority'], warningFinding('match-without-source', summary));
    }
  }
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted} ${count}`;
  taken.add(name);
  return name;
}

function toMapping(
  schema: SynchronizationSchema,
  objects: readonly ImportedObject[],
  known: KnownAttributes,
): YamlMapping {
  const { id, version, synchronizationRules: rules, directories: definitions, ...unknown } = schema;
  const template = templateOfId(id);
  const synchronizationRules = toRawRules(rules, objects);
  const directories = toDirectories(rules, definitions, known);
  const raw: Raw = {
    ...(id === templateSchemaId(template) ? {} : { id }),
    ...(version === null ? {} : { version }),
    ...unknown,
    ...(synchronizationRules === undefined ? {} : { synchronizationRules }),
    ...(directories.order === undefined ? {} : { directories: directories.order }),
  };
  return {
    template,
    objects: objects.map(({ yaml }): YamlObject => yaml),
    ...(directories.written === undefined ? {} : { directories: directories.written }),
    ...(Object.keys(raw).length === 0 ? {} : { raw }),
  };
}

/** Rules without what export writes anyway. Their `objectMappings` name objects of the file, or are kept as they are. */
function toRawRules(rules: readonly GraphRule[], objects: readonly ImportedObject[]): readonly Raw[] | undefined {
  const entries = rules.map((rule, ruleIndex): Raw => {
    const own = objects.filter((object) => object.ruleIndex === ruleIndex);
    const list = rule.objectMappings.map((mapping) => own.find(({ graph }) => graph === mapping)?.yaml.name ?? mapping);
    const usual: Raw = toRule(rule.objectMappings, {});
    const fields = Object.entries(rule).filter(([key, value]) => !isEqual(value, usual[key]));
    const isPlain = own.length === objects.length && own.length === list.length;
    return Object.fromEntries([...fields, ...(isPlain ? [] : [['objectMappings', list]])]);
  });
  const [only] = entries;
  return entries.length === 1 && only !== undefined && Object.keys(only).length === 0 ? undefined : entries;
}

type Directories = {
  readonly written?: Readonly<Record<string, YamlDirectory>>;
  /** Names of `written`, and definitions that only fit in here, when there are such. */
  readonly order?: readonly (string | GraphDirectory)[];
};

function toDirectories(
  rules: readonly GraphRule[],
  definitions: readonly GraphDirectory[],
  known: KnownAttributes,
): Directories {
  if (isEqual(definitions, deriveDirectories(rules, known))) return {};
  const isWritable = (directory: GraphDirectory) => hasKeys(directory);
  const written = definitions.filter(isWritable);
  const named = Object.fromEntries(written.map((directory) => [directory.name, toYamlDirectory(directory)]));
  if (written.length === definitions.length && areKeys(definitions.map(({ name }) => name))) return { written: named };
  return { written: named, order: definitions.map((one) => (isWritable(one) ? one.name : one)) };
}
