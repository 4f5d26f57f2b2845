/** What holds at every moment, whatever was set, changed or broken: judged after each cycle from what reached the target. */
import type { JobRecord } from '../../../engine/model/job-state.ts';
import type { Link } from '../../../engine/model/link.ts';
import type { ProvisioningLogRecord } from '../../../engine/model/provisioning-log.ts';
import { type Model, sourceId, titleOf, USERS, type User } from './directory-model.ts';
import { isInScope, type Settings } from './settings.ts';
import { deprovisions, type Write } from './watch-target.ts';

export type Seen = {
  readonly model: Model;
  readonly settings: Settings;
  readonly writes: readonly Write[];
  /** Before and after. */
  readonly links: readonly [readonly Link[], readonly Link[]];
  readonly job: JobRecord | undefined;
  /** Kind of the cycle; `on demand` otherwise. */
  readonly kind: 'initial' | 'incremental' | 'on demand';
  readonly records: readonly ProvisioningLogRecord[];
  /** Resources at the target. */
  readonly present: ReadonlySet<string>;
};

/** What was done that must never be done; nothing when all is well. */
export function violations(seen: Seen): readonly string[] {
  return [
    ...seen.writes.flatMap((write) => [...harms(seen, write), ...mixes(seen, write), ...deletes(seen, write)]),
    ...ignoresGuard(seen),
    ...seen.records.flatMap((record) => claims(seen, record)),
    ...seen.writes.flatMap((write) => conceals(seen, write)),
    ...abandons(seen),
  ];
}

/** The users that a link of these stands for; a newcomer under an old name is somebody else. */
function owners({ model }: Seen, links: readonly Link[], targetId: string | undefined): readonly User[] {
  const linked = new Set(links.filter((link) => link.targetId === targetId).map((link) => link.sourceId));
  return USERS.filter((id) => model.users[id].present && linked.has(sourceId(model, id)));
}

/** Nobody who is in scope and fine loses the account. */
function harms(seen: Seen, write: Write): readonly string[] {
  if (write.type !== 'User' || !deprovisions(write)) return [];
  const hurt = seen.links
    .flatMap((links) => owners(seen, links, write.id))
    .filter((id) => isInScope(seen.model, id, seen.settings));
  return hurt.map((id) => `${id} is in scope and lost ${write.id} by ${write.method}`);
}

/** Nobody's account gets the values of another person. */
function mixes(seen: Seen, { type, id, before, after }: Write): readonly string[] {
  if (type !== 'User' || after === undefined) return [];
  const changed = ['displayName', 'externalId', 'title', 'userName'].filter((key) => before?.[key] !== after[key]);
  const linked = seen.links.flatMap((links) => owners(seen, links, id));
  const isOf = (person: User) =>
    changed.every((key) => {
      const value = String(after[key]).toLowerCase();
      if (key === 'title') return value === titleOf(seen.model, person).toLowerCase();
      return key === 'userName' ? value === `${seen.model.users[person].name}@contoso.com` : value === person;
    });
  const people = before === undefined ? USERS : linked;
  return changed.length === 0 || people.some(isOf)
    ? []
    : [`${id} of ${linked.join()} got ${JSON.stringify(changed.map((key) => after[key]))}`];
}

/** Users are deleted when they are purged, or where the target knows no other way; never after they were unassigned. */
function deletes({ model, settings, links: [before] }: Seen, { type, id, method, after }: Write): readonly string[] {
  if (type !== 'User' || method !== 'DELETE' || after !== undefined) return [];
  const known = before.filter(({ targetId }) => targetId === id);
  if (known.length > 0 && known.every(({ managed }) => !managed)) return [`${id} was deleted after an unassignment`];
  const there = known.filter(({ sourceId: one }) =>
    USERS.some((user) => model.users[user].present && sourceId(model, user) === one),
  );
  return there.length === 0 || !settings.supportsSoftDelete ? [] : [`${id} was deleted, and its owner is there`];
}

/** What is held waits for a decision, and never are more deprovisioned than the threshold says. */
function ignoresGuard({ settings: { threshold }, writes, job, kind }: Seen): readonly string[] {
  if (threshold === undefined || kind === 'on demand' || job?.forceDeletes === true) return [];
  const gone = new Set(writes.filter(deprovisions).map(({ id }) => id));
  const waits = job?.quarantine?.reason === 'TooManyDeletes' && kind === 'incremental';
  return gone.size > (waits ? 0 : threshold) ? [`${gone.size} were deprovisioned`] : [];
}

/** A record of success had its request. */
function claims({ writes }: Seen, record: ProvisioningLogRecord): readonly string[] {
  const { status } = record.provisioningStatusInfo;
  const action = record.provisioningAction;
  if (status !== 'success' || action === 'other') return [];
  const id = record.targetIdentity?.id;
  const fitting = writes.filter((write) => {
    if (write.id !== id) return false;
    if (action === 'create') return write.method === 'POST' && write.status === 201;
    if (action === 'delete') return write.method === 'DELETE' && write.after === undefined;
    const updates = write.status < 300 && (write.method === 'PATCH' || write.method === 'PUT');
    return action === 'disable' ? updates && write.after?.active === false : updates;
  });
  return fitting.length > 0 ? [] : [`a record says ${action} of ${id}, and nothing of it was sent`];
}

/** A write that was answered well has its record. */
function conceals({ records }: Seen, write: Write): readonly string[] {
  if (!write.answered || write.status >= 300) return [];
  const own = records.filter(
    ({ targetIdentity, provisioningStatusInfo: { status } }) =>
      targetIdentity?.id === write.id && (status === 'success' || status === 'warning'),
  );
  if (own.length === 0) return [`${write.method} of ${write.id} has no record`];
  const disabled = write.type === 'User' && write.after?.active === false && write.before?.active === true;
  return disabled && !own.some(({ provisioningAction }) => provisioningAction === 'disable')
    ? [`${write.id} was disabled, and the record does not say so`]
    : [];
}

/** A link ends with the resource, or when somebody else has it; or with the purge of who was unassigned. */
function abandons({ links: [before, after], present }: Seen): readonly string[] {
  const kept = new Set(after.map(({ targetId }) => targetId));
  return before
    .filter(({ targetId, managed }) => managed && present.has(targetId) && !kept.has(targetId))
    .map(({ sourceId: id, targetId }) => `${targetId} of ${id} is nobody's any more`);
}
