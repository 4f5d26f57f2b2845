/** A mapping file → the checked mapping document, with every finding at its place (mappings-and-scoping.md 8). */
import { functionsIn } from '../expression/ast.ts';
import { parseExpression } from '../expression/parse.ts';
import { type Diagnostic, sortDiagnostics } from '../model/diagnostic.ts';
import type { MappingDocument } from '../model/mapping.ts';
import { checkMapping } from './check-mapping.ts';
import { checkNames } from './check-names.ts';
import { checkTemplate } from './check-template.ts';
import type { Report } from './finding.ts';
import { toMappingDocument, type YamlMapping } from './mapping-file.ts';
import { mappingSchema } from './mapping-schema.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

export type LoadedMapping = {
  readonly mapping?: MappingDocument;
  /** The same as written; undefined with it. */
  readonly content?: YamlMapping;
  readonly diagnostics: readonly Diagnostic[];
  /** A finding at a place of the file, once it could be read. */
  readonly at?: YamlFile['at'];
};

/** What is compared with, or sent as, a text. */
const TEXTS: ReadonlySet<string> = new Set(['const', 'default', 'value', 'values']);

/** Functions that read the user's assignments (expressions.md 8.4). */
const ROLE_FUNCTIONS: ReadonlySet<string> = new Set([
  'AppRoleAssignments',
  'AppRoleAssignmentsComplex',
  'AssertiveAppRoleAssignmentsComplex',
  'SingleAppRoleAssignment',
]);

/** The mapping when nothing in it is an error; the findings, sorted by place, always. */
export async function loadMapping(path: string): Promise<LoadedMapping> {
  const yaml = await readYamlFile(path, mappingSchema, (key) => TEXTS.has(key));
  if (!yaml.hasShape) return { diagnostics: sortDiagnostics(yaml.diagnostics) };
  const content = yaml.content as YamlMapping;
  const found: Diagnostic[] = [...yaml.diagnostics];
  const report: Report = (where, finding) => found.push(yaml.at(where, finding));
  const unknown = content.template === undefined ? undefined : checkTemplate(content.template);
  if (unknown !== undefined) report(['template'], unknown);
  checkMapping(content, report);
  checkNames(content.objects, content.directories ?? {}, report);
  const diagnostics = sortDiagnostics(found);
  if (diagnostics.some((one) => one.severity === 'error')) return { diagnostics };
  return {
    diagnostics,
    mapping: toMappingDocument(content, content.template ?? 'scim'),
    content,
    at: yaml.at,
  };
}

/** The first role function that an enabled object mapping calls, undefined when none does. */
export function roleFunctionIn(mapping: MappingDocument): string | undefined {
  return calledFunctions(mapping).find((name) => ROLE_FUNCTIONS.has(name));
}

/** Functions that enabled object mappings call, in order of the file. */
export function calledFunctions(mapping: MappingDocument): readonly string[] {
  return mapping.objects
    .filter((object) => object.enabled)
    .flatMap((object) => object.map)
    .flatMap(({ source }) => (source.kind === 'expression' ? functionsIn(parseExpression(source.text)) : []));
}
