/** What is wrong with object mappings beyond their shape (mappings-and-scoping.md 8). */

import { attributeSpelling } from '../model/source-attributes.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { checkFilter, type KnownDefinitions } from '../scope/check-filter.ts';
import { checkRow, readsAttribute, referenceOf } from './check-row.ts';
import { errorFinding, type KeyPath, type Report, sentence, warningFinding } from './finding.ts';
import {
  definitionOf,
  GRAPH_TYPES,
  toGroups,
  type YamlClause,
  type YamlDefinition,
  type YamlMapping,
  type YamlObject,
} from './mapping-file.ts';

/** Which part of a clause a finding of the filter check is about; the whole clause otherwise. */
const CLAUSE_KEYS: Readonly<Record<string, keyof YamlClause>> = {
  'unknown-operator': 'op',
  'undocumented-operator': 'op',
  'operator-type': 'op',
  'unsupported-scoping-attribute': 'attr',
  'scoping-on-soft-delete': 'attr',
  'operand-not-integer': 'value',
  'bad-pattern': 'value',
  'unanchored-pattern': 'value',
};

/** Reports every finding about the object mappings, paths counted from the top of the file. */
export function checkMapping({ objects, directories = {} }: YamlMapping, report: Report): void {
  for (const [index, object] of objects.entries()) {
    const path: KeyPath = ['objects', index];
    const reportHere: Report = (where, finding) => report([...path, ...where], finding);
    const rival = objects.slice(0, index).find((other) => isEnabled(other) && other.from === object.from);
    if (objects.findIndex((other) => other.name === object.name) !== index) {
      const summary = `Another object mapping above is named "${object.name}". Give each its own name.`;
      reportHere(['name'], errorFinding('duplicate-object-mapping', summary));
    } else if (isEnabled(object) && rival !== undefined) {
      const summary = `"${rival.name}" above takes every ${object.from}, whatever its filters say: this one would do nothing. Make one mapping of the two, or set enabled: false.`;
      reportHere(['from'], warningFinding('second-object-mapping', summary));
    }
    checkRows(object, reportHere);
    checkOverlaps(object, reportHere);
    checkReferences(object, objects, reportHere);
    checkMatching(object, reportHere);
    checkDeprovisioning(object, reportHere);
    const known = knownDefinitions(definitionOf(directories, 'source', object.from));
    for (const set of ['where', 'preFilter', 'category'] as const) checkFilters(object, set, known, reportHere);
  }
}

function isEnabled({ enabled }: YamlObject): boolean {
  return enabled !== false;
}

function checkRows(object: YamlObject, report: Report): void {
  const seen = new Set<string>();
  for (const [index, row] of object.map.entries()) {
    const reportRow: Report = (where, finding) => report(['map', index, ...where], finding);
    checkRow(row, reportRow);
    const key = pathKey(row.to);
    if (seen.has(key)) {
      const summary = `Another row above writes ${row.to} too. A target attribute takes one row: remove one of them.`;
      reportRow(['to'], errorFinding('duplicate-target', summary));
    }
    seen.add(key);
  }
}

/** A whole attribute and a part of it: which of the two rows wins is nobody's guess. */
function checkOverlaps(object: YamlObject, report: Report): void {
  const keys = object.map.map(({ to }) => pathKey(to));
  for (const [index, row] of object.map.entries()) {
    const key = keys[index] ?? '';
    const part = object.map.find(
      (_, other) => keys[other]?.startsWith(`${key}.`) || keys[other]?.startsWith(`${key}[`),
    );
    if (part === undefined) continue;
    const summary = `${row.to} is written as a whole, and a part of it by the row of ${part.to}. Remove one of them.`;
    report(['map', index, 'to'], warningFinding('overlapping-targets', summary));
  }
}

/** References are translated to accounts that the job made: of users it does not provision there are none (map 3.4). */
function checkReferences(object: YamlObject, objects: readonly YamlObject[], report: Report): void {
  if (objects.some((other) => other.from === 'User' && isEnabled(other))) return;
  for (const [index, row] of object.map.entries()) {
    const reference = referenceOf(row);
    if (reference === undefined) continue;
    const summary = `${row.to} refers to users, and no enabled object mapping provisions them: it will stay empty. Add one with "from: User".`;
    report(['map', index, reference.key], warningFinding('reference-without-mapping', summary));
  }
}

function checkMatching(object: YamlObject, report: Report): void {
  const matching = object.map.flatMap((row, index) => (row.match === undefined ? [] : [{ row, index }]));
  if (object.enabled !== false && matching.length === 0) {
    const summary = `No row of "${object.name}" has "match": without a matching attribute every account would be made twice. Add "match: 1" to the row of the unique attribute.`;
    report(['map'], { ...errorFinding('no-matching-attribute', summary), atKey: true });
  }
  for (const [position, { row, index }] of matching.entries()) {
    if (matching.findIndex((other) => other.row.match === row.match) === position) continue;
    const summary = `Another row above has the matching precedence ${row.match} too; they are tried in the order of the file. Number them 1, 2, ….`;
    report(['map', index, 'match'], warningFinding('same-match-precedence', summary));
  }
}

function checkDeprovisioning(object: YamlObject, report: Report): void {
  if (object.from !== 'User') return;
  if (!isEnabled(object)) {
    const summary = 'Entra cannot disable the mapping of users; no user will be provisioned here.';
    report(['enabled'], warningFinding('user-mapping-disabled', summary));
    return;
  }
  if (object.map.some((row) => readsAttribute(row, 'IsSoftDeleted'))) return;
  const summary =
    'No row reads IsSoftDeleted: users who leave will not be disabled. Map active to Switch([IsSoftDeleted], , "False", "True", "True", "False").';
  report(['map'], { ...warningFinding('soft-delete-not-mapped', summary), atKey: true });
}

/** Definitions of a file may name a part only; a name beside them is looked at by `checkNames`. */
function knownDefinitions(definition: YamlDefinition | undefined): KnownDefinitions | undefined {
  if (definition === undefined) return undefined;
  const attributes = Object.entries(definition.attributes).map(
    ([name, { type = 'string', multi = false }]) => [name, { type: GRAPH_TYPES[type], multivalued: multi }] as const,
  );
  return { attributes: new Map(attributes), complete: false };
}

function checkFilters(
  object: YamlObject,
  set: 'where' | 'preFilter' | 'category',
  known: KnownDefinitions | undefined,
  report: Report,
): void {
  const filters = object[set] ?? [];
  for (const { severity, code, message, group, clause } of checkFilter({ groups: toGroups(filters) }, known)) {
    const key = CLAUSE_KEYS[code];
    const inClause: KeyPath = clause === undefined ? [] : ['all', clause, ...(key === undefined ? [] : [key])];
    report([set, group, ...inClause], { severity, code, summary: sentence(message) });
  }
  for (const [group, filter] of filters.entries()) {
    for (const [index, clause] of filter.all.entries()) {
      checkClause(clause, (where, finding) => report([set, group, 'all', index, ...where], finding));
    }
  }
}

function checkClause(clause: YamlClause, report: Report): void {
  if (clause.value !== undefined && clause.values !== undefined) {
    report(
      ['value'],
      errorFinding('value-and-values', 'A clause has "value" or "values", not both. Remove one of them.'),
    );
  }
  const spelling = attributeSpelling(clause.attr);
  if (spelling !== undefined) report(['attr'], warningFinding('attribute-case', spelling));
}
