/** The references of an evaluated object, to be written in the later pass (cycle.md 2.17). */
import type { ScimResource } from '../model/scim-message.ts';
import { readPath } from '../scim/attribute-path.ts';
import type { PendingReference } from './plan.ts';
import type { Subject } from './subject.ts';

/**
 * Manager and members of `subject`, as its mapping asks.
 * @param resource the target's resource, when there is one: its present manager spares a request
 */
export function pendingReferences(subject: Subject, resource: ScimResource | undefined): readonly PendingReference[] {
  return subject.mapping.references.flatMap((row): readonly PendingReference[] => {
    if (row.row.apply === 'onCreate' && resource !== undefined) return [];
    const shared = { source: subject.identity, mapping: subject.mapping.name, path: row.path.text };
    if (row.kind === 'members') {
      return [{ ...shared, kind: 'members', refersTo: (subject.object.members ?? []).map((member) => member.id) }];
    }
    const { manager } = subject.object;
    const current = resource === undefined ? undefined : readPath(resource, row.path);
    const written = subject.link?.manager;
    if (manager === undefined && written === undefined) return [];
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
