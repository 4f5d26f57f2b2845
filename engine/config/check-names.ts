/** Names of attributes that nobody knows: against the definitions of the file, else against what is well known (mappings-and-scoping.md 8). */
import { walk } from '../expression/ast.ts';
import { nearAttribute } from '../model/source-attributes.ts';
import { suggest } from '../model/suggest.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { nearCoreAttribute } from '../scim/core-attributes.ts';
import { parseOrNothing } from './check-row.ts';
import { type Finding, type Report, warningFinding } from './finding.ts';
import { definitionOf, type YamlMapping, type YamlObject, type YamlRow } from './mapping-file.ts';

type Directories = NonNullable<YamlMapping['directories']>;

/** What is wrong with the name of a source attribute, undefined when nothing is. */
type CheckName = (name: string) => Finding | undefined;

/** Reports names of source and target attributes, paths counted from the top of the file. */
export function checkNames(objects: readonly YamlObject[], directories: Directories, report: Report): void {
  for (const [index, object] of objects.entries()) {
    const reportHere: Report = (where, finding) => report(['objects', index, ...where], finding);
    const source = definitionOf(directories, 'source', object.from);
    const target = definitionOf(directories, 'target', object.to);
    const check = source === undefined ? checkWellKnown : checkDefined(Object.keys(source.attributes));
    for (const [position, row] of object.map.entries()) {
      checkSource(row, check, (where, finding) => reportHere(['map', position, ...where], finding));
      const problem =
        target === undefined ? checkCore(object.to, row.to) : checkTarget(row.to, Object.keys(target.attributes));
      if (problem !== undefined) reportHere(['map', position, 'to'], problem);
    }
    checkClauses(object, check, reportHere);
  }
}

function checkSource({ from, expr }: YamlRow, check: CheckName, report: Report): void {
  const problem = from === undefined ? undefined : check(from);
  if (problem !== undefined) report(['from'], problem);
  const tree = expr === undefined ? undefined : parseOrNothing(expr);
  for (const node of tree === undefined ? [] : walk(tree)) {
    const found = node.kind === 'attribute' ? check(node.name) : undefined;
    if (found !== undefined) report(['expr'], { ...found, offset: node.start, length: node.length });
  }
}

function checkClauses(object: YamlObject, check: CheckName, report: Report): void {
  for (const set of ['where', 'preFilter', 'category'] as const) {
    for (const [group, { all }] of (object[set] ?? []).entries()) {
      for (const [clause, { attr }] of all.entries()) {
        const problem = check(attr);
        if (problem !== undefined) report([set, group, 'all', clause, 'attr'], problem);
      }
    }
  }
}

/** The file has no say: a directory may hold anything, and only likely misspellings are worth a word. */
function checkWellKnown(name: string): Finding | undefined {
  return misspelt(name, nearAttribute(name), 'directories are known to have');
}

/** Definitions may name a part only, so that a name beside them is no error either. */
function checkDefined(known: readonly string[]): CheckName {
  const names = new Set(known);
  return (name) =>
    names.has(name) ? undefined : misspelt(name, suggest(name, known) ?? nearAttribute(name), 'the file defines');
}

function misspelt(name: string, near: string | undefined, whose: string): Finding | undefined {
  // A name in the wrong case is a finding of its own.
  if (near === undefined || near.toLowerCase() === name.toLowerCase()) return undefined;
  const summary = `"${name}" is no source attribute that ${whose}. Did you mean ${near}? An attribute that nobody has is null.`;
  return warningFinding('unknown-source-attribute', summary);
}

/** Without definitions an application may have any attribute. */
function checkCore(type: string, path: string): Finding | undefined {
  const near = nearCoreAttribute(type, path);
  if (near === undefined) return undefined;
  return warningFinding('unknown-target-attribute', `SCIM has no attribute "${path}". Did you mean ${near}?`);
}

function checkTarget(path: string, known: readonly string[]): Finding | undefined {
  if (known.some((name) => pathKey(name) === pathKey(path))) return undefined;
  const near = suggest(path, known);
  if (near === undefined) return undefined;
  return warningFinding(
    'unknown-target-attribute',
    `The file defines no target attribute "${path}". Did you mean ${near}?`,
  );
}
