/** Who leaves for good: the DELETE, or for a client that deletes nobody the switch-off, and what a purge asks for (cycle.md 3.22-3.29, 3.45). */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { Link } from '../model/link.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { isActivePath } from '../scim/attribute-path.ts';
import type { ClientProfile } from '../scim/client-profile.ts';
import { deleteRequest } from '../scim/request.ts';
import { updateRequest } from '../scim/update-request.ts';
import { skip } from './operation.ts';
import type { Operation, SourceIdentity } from './plan.ts';
import type { PlanRules } from './plan-rules.ts';

type Purged = {
  readonly mapping: CompiledObjectMapping;
  readonly identity: SourceIdentity;
  /** How the purge came into the cycle. */
  readonly steps: Operation['steps'];
  /** Undefined: it was never linked. */
  readonly link: Link | undefined;
  /** What the target holds, for a client that switches off by a whole resource. */
  readonly resource?: ScimResource;
};

type Leaver = {
  readonly mapping: CompiledObjectMapping;
  readonly base: Pick<Operation, 'mapping' | 'source' | 'resourceType' | 'steps'>;
  readonly link: Link;
  /** Why it leaves, for an administrator. */
  readonly why: string;
};

/**
 * What a purge asks for; undefined when the object was never linked.
 * A client that deletes nobody switches the user off (scim-wire.md 11.2).
 */
export function planPurged(
  { mapping, identity, steps, link, resource }: Purged,
  { client, dropUnseenPurge }: PlanRules,
): Operation | undefined {
  if (link === undefined) return undefined;
  const base = { mapping: mapping.name, source: identity, resourceType: mapping.resourceType, steps };
  const forget = (code: string, message: string) => skip(base, { code, message }, { link: { kind: 'unlink' } });
  if (!link.managed) {
    return forget('NotEffectivelyEntitled', 'purged after it was unassigned: no longer managed, so nothing is deleted');
  }
  if (dropUnseenPurge && !link.disabled) {
    const message = 'purged before a cycle saw it in the recycle bin; dropUnseenPurge leaves the account as it is';
    return forget('EntrySynchronizationSkipped', message);
  }
  const leaver = { mapping, base, link, why: 'purged from the directory' };
  if (mapping.type === 'Group' || client.deletesUsers) return planDelete(leaver);
  if (!link.disabled) return planDeactivation(leaver, client, resource);
  const message = 'purged from the directory; switched off already, and users are never deleted';
  return forget('NotEffectivelyEntitled', message);
}

export function planDelete({ mapping, base, link, why }: Leaver): Operation {
  if (!mapping.actions.has('delete')) {
    const message = `${why}; the Delete action of "${mapping.name}" is off`;
    return skip(base, { code: 'DeleteNotEnabled', message }, { target: { id: link.targetId } });
  }
  return {
    ...leaving({ mapping, base, link, why }),
    action: 'delete',
    logAction: 'delete',
    reason: { code: 'Deprovisioned', message: why },
    requests: [deleteRequest(mapping.resourceType, link.targetId)],
    modifiedProperties: [],
    link: { kind: 'unlink' },
  };
}

/** `active: false` alone (gallery.md 5.2), laid over `resource` by a client that writes whole ones (scim-wire.md 11.2). */
export function planDeactivation(
  { mapping, base, link, why }: Leaver,
  client: ClientProfile,
  resource: ScimResource = {},
): Operation {
  if (!mapping.actions.has('delete')) {
    const message = `${why}; Deactivate Users (the delete action of "${mapping.name}") is off`;
    return skip(base, { code: 'DeleteNotEnabled', message }, { target: { id: link.targetId } });
  }
  return {
    ...leaving({ mapping, base, link, why }),
    action: 'disable',
    logAction: 'disable',
    reason: { code: 'NotEffectivelyEntitled', message: why },
    requests: [
      updateRequest(client, {
        resourceType: mapping.resourceType,
        id: link.targetId,
        resource,
        operations: [{ op: 'replace', path: 'active', value: false }],
        values: { active: false },
      }),
    ],
    modifiedProperties: [{ displayName: 'active', oldValue: 'True', newValue: 'False' }],
    link: { kind: 'disabled', managed: true },
    ...(link.held === undefined ? {} : { held: switchedOff(link.held) }),
  };
}

/** What the target is believed to hold, with `active` as it is now, where the mapping writes it. */
function switchedOff(held: NonNullable<Link['held']>): NonNullable<Link['held']> {
  return Object.fromEntries(Object.entries(held).map(([path, value]) => [path, isActivePath(path) ? 'False' : value]));
}

function leaving({ base, link }: Leaver) {
  return { ...base, target: { id: link.targetId }, status: 'success', references: [], isReference: false } as const;
}
