/** A directory file in YAML or JSON → users, groups and applications, with every finding's place (DESIGN 2.4). */
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ObjectType } from '../model/source-object.ts';
import { suggest } from '../model/suggest.ts';

export type RawObject = {
  readonly type: ObjectType;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Groups: members as written. */
  readonly members: readonly unknown[];
  /** Something in it is wrong: it keeps its last known state. */
  readonly broken: boolean;
  readonly node: Node;
};

export type RawAssignment = {
  readonly principal: string;
  readonly type: ObjectType;
  readonly role?: string;
  readonly node: Node;
};
export type RawRole = { readonly id: string; readonly name: string };
export type RawApplication = {
  readonly name: string;
  readonly roles: readonly RawRole[];
  readonly assignments: readonly RawAssignment[];
};

export type ParsedDirectory = {
  readonly objects: readonly RawObject[];
  readonly applications: readonly RawApplication[];
  readonly problems: readonly Diagnostic[];
  /** An object without an id, or with that of another, is among them: nothing may be taken for purged. */
  readonly incomplete: boolean;
  /** False when the text could not be read at all. */
  readonly readable: boolean;
  /** Reports a finding at a node of this file. */
  readonly report: (node: Node, severity: Diagnostic['severity'], code: string, summary: string) => Diagnostic;
};

const TOP_LEVEL = ['users', 'groups', 'applications', 'tenantId', 'name'];

/** Everything the text says, good objects beside the broken ones. */
export function parseDirectory(file: string, text: string): ParsedDirectory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const source = text.split('\n');
  const diagnosticAt = (
    start: number,
    end: number,
    severity: Diagnostic['severity'],
    code: string,
    summary: string,
  ): Diagnostic => {
    const { line, col } = lines.linePos(start);
    const sourceLine = source[line - 1] ?? '';
    const length = Math.max(1, Math.min(end - start, sourceLine.length - col + 1));
    return {
      severity,
      code,
      summary,
      sourceLine,
      at: { file, line: Math.max(1, line), column: Math.max(1, col), length },
    };
  };
  const report: ParsedDirectory['report'] = (node, severity, code, summary) => {
    const [start = 0, end = start + 1] = node.range ?? [];
    return diagnosticAt(start, end, severity, code, summary);
  };
  const problems = document.errors.map((error) =>
    diagnosticAt(
      error.pos[0],
      error.pos[1],
      'error',
      'malformed-yaml',
      `${error.message.split('\n')[0] ?? 'cannot be read'}`,
    ),
  );
  const root = document.contents;
  if (problems.length > 0 || !isMap(root)) {
    if (problems.length === 0) {
      problems.push(
        diagnosticAt(0, 1, 'error', 'not-a-directory', 'A directory file holds "users", "groups" and "applications".'),
      );
    }
    return { objects: [], applications: [], problems, incomplete: true, readable: false, report };
  }
  for (const pair of root.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (TOP_LEVEL.includes(key) || !isNode(pair.key)) continue;
    const near = suggest(key, TOP_LEVEL);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    problems.push(report(pair.key, 'error', 'unknown-key', `"${key}" is not a part of a directory file.${hint}`));
  }
  const found: Diagnostic[] = [];
  const users = readObjects(root, 'users', 'User', report, found);
  const groups = readObjects(root, 'groups', 'Group', report, found);
  const applications = readApplications(root, report, found);
  return {
    objects: [...users.objects, ...groups.objects],
    applications,
    problems: [...problems, ...found],
    incomplete: users.incomplete || groups.incomplete,
    readable: true,
    report,
  };
}

type Report = ParsedDirectory['report'];

function readObjects(
  root: YAMLMap,
  key: string,
  type: ObjectType,
  report: Report,
  problems: Diagnostic[],
): { objects: readonly RawObject[]; incomplete: boolean } {
  const list = root.get(key, true) as unknown;
  if (list === undefined || (isScalar(list) && list.value === null)) return { objects: [], incomplete: false };
  if (!isSeq(list)) {
    if (isNode(list)) problems.push(report(list, 'error', 'wrong-type', `"${key}" is a list of ${key}.`));
    return { objects: [], incomplete: true };
  }
  const objects: RawObject[] = [];
  const seen = new Set<string>();
  let incomplete = false;
  for (const item of list.items) {
    if (!isNode(item)) continue;
    const object = readObject(item, type, report, problems);
    if (object === undefined) {
      incomplete = true;
      continue;
    }
    if (seen.has(object.id)) {
      problems.push(
        report(item, 'error', 'duplicate-id', `Another object above has the id "${object.id}"; give each its own.`),
      );
      // Which of the two is meant cannot be known: neither changes anything, and the id that one of them lost is not gone.
      incomplete = true;
      const first = objects.findIndex((other) => other.id === object.id);
      const kept = objects[first];
      if (kept !== undefined) objects[first] = { ...kept, broken: true };
      continue;
    }
    seen.add(object.id);
    objects.push(object);
  }
  return { objects, incomplete };
}

function readObject(node: Node, type: ObjectType, report: Report, problems: Diagnostic[]): RawObject | undefined {
  const noun = type === 'User' ? 'user' : 'group';
  if (!isMap(node)) {
    problems.push(report(node, 'error', 'wrong-type', `A ${noun} is a map of attributes.`));
    return undefined;
  }
  const { members, ...attributes } = node.toJSON() as Record<string, unknown>;
  const { id } = attributes;
  if (typeof id !== 'string' || id === '') {
    const summary = `This ${noun} has no "id". Until it has one, nothing is taken for purged.`;
    problems.push(report(node, 'error', 'missing-id', summary));
    return undefined;
  }
  let broken = false;
  const complain = (key: string, summary: string) => {
    const at = node.get(key, true) as unknown;
    problems.push(report(isNode(at) ? at : node, 'error', 'wrong-type', summary));
    broken = true;
  };
  if (attributes.accountEnabled !== undefined && typeof attributes.accountEnabled !== 'boolean') {
    complain('accountEnabled', '"accountEnabled" is true or false.');
  }
  const { deletedDateTime } = attributes;
  if (deletedDateTime !== undefined && deletedDateTime !== null && typeof deletedDateTime !== 'string') {
    complain('deletedDateTime', '"deletedDateTime" is a time such as 2026-01-01T00:00:00Z.');
  }
  if (members !== undefined && members !== null && !Array.isArray(members)) {
    complain('members', '"members" is a list of users or groups.');
  }
  return { type, id, attributes, members: Array.isArray(members) ? members : [], broken, node };
}

function readApplications(root: YAMLMap, report: Report, problems: Diagnostic[]): readonly RawApplication[] {
  const list = root.get('applications', true) as unknown;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item): readonly RawApplication[] => {
    if (!isMap(item)) return [];
    const name = item.get('name');
    if (typeof name !== 'string') {
      problems.push(report(item, 'error', 'missing-name', 'This application has no "name".'));
      return [];
    }
    return [{ name, roles: readRoles(item), assignments: readAssignments(item, report, problems) }];
  });
}

function readRoles(application: YAMLMap): readonly RawRole[] {
  const roles = application.get('roles', true) as unknown;
  if (!isSeq(roles)) return [];
  return (roles.toJSON() as unknown[]).map((role) => {
    if (typeof role !== 'object' || role === null) return { id: String(role), name: String(role) };
    const { id, name, displayName } = role as { id?: unknown; name?: unknown; displayName?: unknown };
    const text = String(name ?? displayName ?? id);
    return { id: String(id ?? text), name: text };
  });
}

function readAssignments(application: YAMLMap, report: Report, problems: Diagnostic[]): readonly RawAssignment[] {
  const list = application.get('assignments', true) as unknown;
  if (!isSeq(list)) return [];
  return list.items.flatMap((item): readonly RawAssignment[] => {
    if (!isMap(item)) return [];
    const { user, group, role } = item.toJSON() as { user?: unknown; group?: unknown; role?: unknown };
    const principal = user ?? group;
    if (typeof principal !== 'string') {
      problems.push(
        report(item, 'error', 'wrong-type', 'An assignment names a "user" or a "group", and perhaps a "role".'),
      );
      return [];
    }
    const type: ObjectType = user === undefined ? 'Group' : 'User';
    return [{ principal, type, node: item, ...(typeof role === 'string' ? { role } : {}) }];
  });
}
