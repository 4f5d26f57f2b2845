/** A mapping test file → the test with its mapping, or everything that is wrong with either. */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { CoveragePoint, MappingCase, MappingTest } from '../mapping-test/mapping-test.ts';
import { type Diagnostic, type Place, sortDiagnostics } from '../model/diagnostic.ts';
import type { MappingDocument, ObjectMapping } from '../model/mapping.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { holdsDigitsAsText } from '../model/source-attributes.ts';
import type { Assignment, MemberReference, SourceObject } from '../model/source-object.ts';
import { buildCreateBody } from '../scim/create-body.ts';
import { checkGiven, checkTargets, chooseMapping } from './check-mapping-case.ts';
import { errorFinding, type KeyPath, type Report } from './finding.ts';
import { defaultAccessOf, EXPRESSIONS } from './load-job.ts';
import { loadMapping } from './load-mapping.ts';
import type { Values, YamlCase, YamlTest } from './mapping-test-file.ts';
import { mappingTestSchema } from './mapping-test-schema.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

export type LoadedMappingTest = { readonly test?: MappingTest; readonly diagnostics: readonly Diagnostic[] };

/** Makes a source object of attributes as a directory writes them. */
export type ToObject = (
  raw: { readonly type: SourceObject['type']; readonly id: string; readonly attributes: Values },
  relations: {
    readonly assignments: readonly Assignment[];
    readonly manager: string | undefined;
    readonly members: readonly MemberReference[] | undefined;
  },
) => SourceObject;

const NOW = '2026-01-01T00:00:00.000Z';

/** The test when nothing is an error; the findings always, those of the mapping only when they are errors. */
export async function loadMappingTest(path: string, toObject: ToObject): Promise<LoadedMappingTest> {
  const file = resolve(path);
  const yaml = await readYamlFile(file, mappingTestSchema, holdsDigitsAsText);
  const found: Diagnostic[] = [...yaml.diagnostics];
  if (!yaml.hasShape) return { diagnostics: sortDiagnostics(found) };
  const content = yaml.content as YamlTest; // checked against the schema
  const report: Report = (where, finding) => found.push(yaml.at(where, finding));
  const now = readNow(content.now, report);
  const mappingFile = content.mapping === undefined ? besides(file) : resolve(dirname(file), content.mapping);
  const loaded = await loadMapping(mappingFile);
  if (!existsSync(mappingFile)) {
    const summary = `There is no mapping file ${basename(mappingFile)}. Name it in "mapping", relative to this file.`;
    report(content.mapping === undefined ? [] : ['mapping'], errorFinding('file-unreadable', summary));
  } else found.push(...loaded.diagnostics.filter(({ severity }) => severity === 'error'));
  const { mapping: document, at } = loaded;
  if (document === undefined || at === undefined) return { diagnostics: sortDiagnostics(found) };
  const cases = readCases(content.cases, { document, yaml, toObject, report });
  const diagnostics = sortDiagnostics(found);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  const test: MappingTest = {
    file,
    mappingFile,
    document,
    now,
    ...(content.defaultDomain === undefined ? {} : { defaultDomain: content.defaultDomain }),
    scopeMode: content.scope ?? 'assigned',
    defaultAccess: content.defaultAccess ?? defaultAccessOf(document.template),
    expressions: { ...EXPRESSIONS, ...content.expressions },
    cases,
    placeOf: (point) => placeOf(point, at),
  };
  return { diagnostics, test };
}

/** `scim.leavers.test.yaml` is about `scim.leavers.yaml`, or when there is none about `scim.yaml`. */
function besides(file: string): string {
  const whole = file.replace(/\.test\.ya?ml$/, '.yaml');
  const shorter = whole.replace(/\.[^./\\]+\.yaml$/, '.yaml');
  return !existsSync(whole) && existsSync(shorter) ? shorter : whole;
}

function readNow(text: string | undefined, report: Report): string {
  const now = new Date(text ?? NOW);
  if (!Number.isNaN(now.getTime())) return now.toISOString();
  report(['now'], errorFinding('bad-time', `"${text}" is not a time. Write it like ${NOW}.`));
  return NOW;
}

type CaseContext = {
  readonly document: MappingDocument;
  readonly yaml: YamlFile;
  readonly toObject: ToObject;
  readonly report: Report;
};

function readCases(written: readonly YamlCase[], context: CaseContext): readonly MappingCase[] {
  return written.flatMap((one, index) => {
    const path: KeyPath = ['cases', index];
    const report: Report = (where, finding) => context.report([...path, ...where], finding);
    const mapping = chooseMapping(one, context.document, report);
    const objectMapping = context.document.objects[mapping];
    if (objectMapping === undefined) return [];
    checkGiven(one, objectMapping, report);
    checkTargets(one, objectMapping, report);
    const { at } = context.yaml.at(path, errorFinding('place', ''));
    return [toCase(one, { mapping, objectMapping, at, index, toObject: context.toObject })];
  });
}

function toCase(
  one: YamlCase,
  context: {
    readonly mapping: number;
    readonly objectMapping: ObjectMapping;
    readonly at: Place;
    readonly index: number;
    readonly toObject: ToObject;
  },
): MappingCase {
  const { mapping, objectMapping, at, index } = context;
  const { members, manager, ...attributes } = one.given;
  const { id = attributes.objectId } = attributes;
  const object = context.toObject(
    { type: objectMapping.from, id: typeof id === 'string' ? id : `case-${index + 1}`, attributes },
    {
      assignments: assignmentsOf(one.assigned),
      manager: typeof manager === 'string' ? manager : undefined,
      members: Array.isArray(members) ? members.map((member) => ({ id: String(member), type: 'User' })) : undefined,
    },
  );
  const resourceType = objectMapping.from;
  return {
    name: one.name,
    at,
    mapping,
    object,
    ...(one.holds === undefined
      ? {}
      : {
          current: buildCreateBody({
            resourceType,
            values: new Map(Object.entries(one.holds)),
            options: {},
          }) as ScimResource,
        }),
    taken: one.taken ?? [],
    expect: one.expect ?? {},
    only: one.only ?? false,
    fails: one.fails ?? {},
    inScope: one.inScope ?? true,
    ...(one.because === undefined ? {} : { because: one.because }),
  };
}

/** `true` takes part whatever `defaultAccess` says: it has a role. */
function assignmentsOf(assigned: YamlCase['assigned'] = true): readonly Assignment[] {
  if (typeof assigned === 'boolean') return assigned ? [{ role: 'User', roleId: 'User' }] : [];
  const roles = typeof assigned === 'string' ? [assigned] : assigned;
  return roles.map((role) => ({ role, roleId: role }));
}

function placeOf(point: CoveragePoint, at: YamlFile['at']): Place {
  const path: KeyPath = ['objects', point.mapping];
  if (point.kind === 'branch') {
    const { row, start: offset, length } = point;
    return at([...path, 'map', row, 'expr'], { ...errorFinding('place', ''), offset, length }).at;
  }
  return at([...path, point.set, point.group, 'all', point.clause], errorFinding('place', '')).at;
}
