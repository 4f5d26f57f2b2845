/** Whether the directory edits of a scenario name somebody who is there, so that a misspelt id has a place and a suggestion. */
import { parse } from 'yaml';
import type { DirectoryEdit } from '../../fixtures/directories/edit-directory.ts';
import { nearAttribute } from '../model/source-attributes.ts';
import { suggest } from '../model/suggest.ts';
import { errorFinding, type KeyPath, type Report, warningFinding } from './finding.ts';

/** Ids and names of everybody in the directory text; empty when it is not YAML or JSON. */
export function namesInDirectory(text: string): Set<string> {
  const { users, groups } = readable(text);
  return new Set([users, groups].flatMap((list) => (Array.isArray(list) ? list.flatMap(namesOf) : [])));
}

function readable(text: string): { readonly users?: unknown; readonly groups?: unknown } {
  try {
    const content: unknown = parse(text);
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    return {}; // said when the simulation opens the directory
  }
}

function namesOf(object: unknown): readonly string[] {
  const { id, userPrincipalName, displayName } = (object ?? {}) as Readonly<Record<string, unknown>>;
  return [id, userPrincipalName, displayName].filter((name) => typeof name === 'string');
}

/** Reports whom `edit`, written under the key `key`, names in vain, and likely misspellings; learns whom it adds. */
export function checkDirectoryEdit(names: Set<string>, key: string, edit: DirectoryEdit, report: Report): void {
  checkAttributes(key, edit, report);
  if (edit.do === 'addUser' || edit.do === 'addGroup') for (const name of namesOf(edit.attributes)) names.add(name);
  if (names.size === 0) return;
  for (const [where, name] of namedBy(edit)) {
    if (names.has(name)) continue;
    const near = suggest(name, names);
    const hint = near === undefined ? 'Name somebody of the directory, or add them first.' : `Did you mean "${near}"?`;
    report([key, ...where], errorFinding('unknown-object', `The directory has no "${name}". ${hint}`));
  }
}

/** A directory may hold attributes that nobody else knows. */
function checkAttributes(key: string, edit: DirectoryEdit, report: Report): void {
  if (!('attributes' in edit)) return;
  const where = edit.do === 'set' ? [key, 'attributes'] : [key];
  for (const name of Object.keys(edit.attributes)) {
    const near = nearAttribute(name);
    if (near === undefined || Object.hasOwn(edit.attributes, near)) continue;
    const summary = `"${name}" is no attribute that directories are known to have. Did you mean "${near}"?`;
    report([...where, name], { ...warningFinding('unknown-attribute', summary), atKey: true });
  }
}

function namedBy(edit: DirectoryEdit): readonly (readonly [KeyPath, string])[] {
  switch (edit.do) {
    case 'addUser':
    case 'addGroup':
      return [];
    case 'set':
      return [[['object'], edit.object]];
    case 'purge':
    case 'softDelete':
    case 'restore':
      return [[[], edit.object]];
    case 'addMember':
    case 'removeMember':
      return [
        [['group'], edit.group],
        [['member'], edit.member],
      ];
    case 'assign':
      return (['user', 'group'] as const).flatMap((key) => {
        const name = edit.principal[key];
        return name === undefined ? [] : [[[key], name] as const];
      });
    case 'unassign':
      return [[[], edit.principal]];
  }
}
