/** The references of an evaluated object, to be written in the later pass (cycle.md 2.17). */
import type { ReferenceRow } from '../map/compile-mapping.ts';
import type { AttributeMapping } from '../model/mapping.ts';
import type { ScimResource } from '../model/scim-message.ts';
import type { SourceId } from '../model/source-object.ts';
import { readPath } from '../scim/attribute-path.ts';
import type { PendingReference, SourceIdentity } from './plan.ts';
import type { Subject } from './subject.ts';

/**
 * Manager and members of `subject`, as its mapping asks.
 * @param resource the target's resource, when there is one: its present manager spares a request
 */
export function pendingReferences(subject: Subject, resource: ScimResource | undefined): readonly PendingReference[] {
  return subject.mapping.references.flatMap((row): readonly PendingReference[] => {
    if (row.row.apply === 'onCreate' && resource !== undefined) return [];
    const shared = { source: subject.identity, mapping: subject.mapping.name, ...pathOf(row) };
    if (row.kind === 'members') {
      const refersTo = (subject.object.members ?? []).map((member) => member.id);
      return [membersReference(subject.identity, subject.mapping.name, row, refersTo)];
    }
    const { manager } = subject.object;
    const current = resource === undefined ? undefined : readPath(resource, row.path);
    const written = subject.link?.manager;
    if (manager === undefined && (written === undefined || keepsValues(row.row))) return [];
    if (current !== undefined && (row.row.apply === 'ifEmpty' || row.row.apply === 'addValues')) return [];
    return [
      {
        ...shared,
        kind: 'manager',
        ...(manager === undefined ? {} : { refersTo: manager }),
        ...(typeof current === 'string' || typeof current === 'number' ? { current: String(current) } : {}),
        ...(row.attribute?.type === 'integer' ? { numeric: true } : {}),
      },
    ];
  });
}

/** These members of a group, to be written by this row. */
export function membersReference(
  source: SourceIdentity,
  mapping: string,
  reference: ReferenceRow,
  refersTo: readonly SourceId[],
): PendingReference {
  const addOnly = keepsValues(reference.row) ? { addOnly: true } : {};
  return { kind: 'members', source, mapping, ...pathOf(reference), refersTo, ...addOnly };
}

function pathOf({ path, row }: ReferenceRow): Pick<PendingReference, 'path' | 'name'> {
  return { path: path.text, ...(path.text === row.target ? {} : { name: row.target }) };
}

/** Rows that take no reference away (Graph `MultiValueAddOnly`, `ValueAddOnly`, `AttributeAddOnly`). */
function keepsValues({ apply }: AttributeMapping): boolean {
  return apply === 'addValues' || apply === 'noRemove' || apply === 'ifEmpty';
}
