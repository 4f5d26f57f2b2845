/** Why the target differs, as far as the provisioning log and the resource itself tell: never taken, or changed there since. */
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { ModifiedProperty, ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { toLogText } from '../plan/steps.ts';
import { memberIds } from '../scim/member-request.ts';
import { type Difference, isFalseAsText, type LinkedObject } from './difference.ts';

/**
 * - `not-carried-out`: the target answered with success and did not do it, or did something else
 * - `undone`: the target held it, and lost it with a later write of something else
 * - `changed-since`: the target held it once, somebody changed it there
 * - `shared`: another object of the directory is linked to it as well, and each writes its own values
 * - `unclear`: the evidence points neither way
 */
export type Cause = 'not-carried-out' | 'undone' | 'changed-since' | 'shared' | 'unclear';

/** A write as the log has it. */
export type Write = {
  readonly recordId: string;
  readonly at: Instant;
  readonly cycleId: string;
  readonly action: ProvisioningLogRecord['provisioningAction'];
  /** HTTP status it was answered with. */
  readonly answered?: number;
  readonly properties: readonly ModifiedProperty[];
};

export type Explanation = {
  readonly cause: Cause;
  readonly evidence: string;
  /** The one that should have brought the value about. */
  readonly write?: Write;
  /** A later one, after which it was gone or may have been. */
  readonly undoneBy?: Write;
};

/** Clocks of two machines, and the time between a write and its record. */
const TOLERANCE_MS = 2000;

export type History = {
  /** Of this object and this target resource, oldest first. */
  readonly records: readonly ProvisioningLogRecord[];
  /** Why its last write failed, when it waits to be repeated. */
  readonly pending?: string;
  /** Who else is linked to the resource. */
  readonly sharedWith?: string;
  /** The client replaces whole resources: a later write can take away what an earlier one brought. */
  readonly replaces: boolean;
};

export function explainDifference(
  object: LinkedObject,
  difference: Difference,
  found: ScimResource | undefined,
  { records, pending, sharedWith, replaces }: History,
): Explanation {
  const name = difference.kind === 'gone' ? '' : object.mapping.nameOf(difference.path);
  const write = lastWrite(name, difference, records);
  const written = write === undefined ? {} : { write };
  if (pending !== undefined) {
    return { cause: 'unclear', evidence: `its last write failed (${pending}) and will be repeated`, ...written };
  }
  const isOfTarget = difference.kind === 'gone' || isTextForBoolean(difference);
  if (sharedWith !== undefined && !isOfTarget) {
    return {
      cause: 'shared',
      evidence: `${sharedWith} is linked to it too, and each writes its own values`,
      ...written,
    };
  }
  const later = write === undefined ? [] : laterWrites(records, write);
  const [replacement] = replaces ? later : [];
  if (replacement !== undefined) {
    return {
      cause: 'unclear',
      evidence: `a write of the whole resource on ${replacement.at} may have taken it away`,
      ...written,
      undoneBy: replacement,
    };
  }
  const undone = difference.kind === 'members' ? undoneMembers(name, difference, found, records, later) : undefined;
  return { ...(undone ?? judge(name, difference, found, records, write)), ...written };
}

/**
 * When others came or left after this write: a target that takes an Add for a Replace loses those who were there. An empty group
 * may have been emptied by any write of it.
 */
function undoneMembers(
  name: string,
  { change, found: count }: Extract<Difference, { kind: 'members' }>,
  found: ScimResource | undefined,
  records: readonly ProvisioningLogRecord[],
  later: readonly Write[],
): Explanation | undefined {
  const ofMembers = later.filter((write) => membershipOf(write, name) !== undefined);
  const [first, ...others] = count === 0 ? later : ofMembers;
  if (first === undefined) return undefined;
  const what = ofMembers.includes(first) ? 'of members' : 'of the group';
  if (change === 'extra')
    return { cause: 'unclear', evidence: `a later write ${what} on ${first.at} may have undone it` };
  const brought = new Set(membershipOf(first, name)?.added);
  const replaced = count > 0 && others.length === 0 && memberIds(found ?? {}).every((id) => brought.has(id));
  if (replaced && changedSince(found, records) === false) {
    return {
      cause: 'undone',
      evidence: `only those whom the Add of ${first.at} brought are left, and nothing was changed there since`,
      undoneBy: first,
    };
  }
  return { cause: 'unclear', evidence: `a later write ${what} on ${first.at} may have undone it`, undoneBy: first };
}

function isTextForBoolean(difference: Difference): boolean {
  return difference.kind === 'value' && isFalseAsText(difference.path, difference.found);
}

/** Of the same resource, in the order of the log. */
function laterWrites(records: readonly ProvisioningLogRecord[], write: Write): readonly Write[] {
  const own = records.findLastIndex(({ id }) => id === write.recordId);
  return records
    .slice(own + 1)
    .filter(isWrite)
    .map(writeOf);
}

function judge(
  name: string,
  difference: Difference,
  found: ScimResource | undefined,
  records: readonly ProvisioningLogRecord[],
  write: Write | undefined,
): Explanation {
  if (isTextForBoolean(difference))
    return { cause: 'not-carried-out', evidence: 'it keeps a text where a boolean belongs; programs take it for true' };
  const seen = difference.kind === 'members' ? undefined : seenEqual(records, write?.at);
  if (seen !== undefined) {
    const evidence = `a cycle read it on ${seen}, and it was right then`;
    const after = records.filter((record) => record.activityDateTime >= seen && isWrite(record)).map(writeOf);
    const [undoneBy] = after;
    if (undoneBy === undefined) return { cause: 'changed-since', evidence };
    const one = after.length === 1 ? 'the write' : `one of the ${after.length} writes (the first is named)`;
    const changed = changedSince(found, records);
    if (changed === false && difference.kind === 'value') {
      return {
        cause: 'undone',
        evidence: `${evidence}; ${one} after it undid it, and nothing was changed there since`,
        undoneBy,
      };
    }
    const mayHave = `${evidence}; ${one} after it may have undone it`;
    return changed === undefined && difference.kind === 'value'
      ? { cause: 'unclear', evidence: mayHave, undoneBy }
      : { cause: 'changed-since', evidence: mayHave };
  }
  if (difference.kind === 'gone') {
    return { cause: 'changed-since', evidence: 'the target had given it an id; it was deleted there, or never kept' };
  }
  const changed = changedSince(found, records);
  if (write !== undefined && isEmptied(name, difference, write)) {
    const nobody = 'nobody is left: the removal took everybody, or nobody was ever added';
    return typeof changed === 'string'
      ? { cause: 'unclear', evidence: `${nobody}; somebody changed the resource there on ${changed}`, undoneBy: write }
      : { cause: 'not-carried-out', evidence: nobody, undoneBy: write };
  }
  if (write === undefined) {
    if (difference.kind === 'members' && difference.change === 'extra')
      return { cause: 'changed-since', evidence: 'they were added there; the engine never wrote them' };
    return { cause: 'unclear', evidence: 'the log holds no write of it any more' };
  }
  const stillBefore = isStillBefore(name, difference, write);
  if (changed === undefined) {
    return stillBefore
      ? { cause: 'not-carried-out', evidence: 'it is what it was before the write' }
      : { cause: 'unclear', evidence: 'the target does not say when it was changed last (meta.lastModified)' };
  }
  if (changed === false) {
    const evidence = stillBefore
      ? 'it is what it was before the write, and nothing was changed there since'
      : 'nothing was changed there since: the target stored something else';
    return { cause: 'not-carried-out', evidence };
  }
  return stillBefore
    ? {
        cause: 'unclear',
        evidence: `it is what it was before the write; somebody changed the resource there on ${changed}`,
      }
    : { cause: 'changed-since', evidence: `somebody changed the resource there on ${changed}` };
}

/** The newest success that wrote the attribute; for members, that concerned these members or emptied the group. */
function lastWrite(name: string, difference: Difference, records: readonly ProvisioningLogRecord[]): Write | undefined {
  if (difference.kind === 'gone') return undefined;
  const writes = records
    .filter(isWrite)
    .map(writeOf)
    .filter((write) => membershipOf(write, name) !== undefined);
  const newest = writes.at(-1);
  if (difference.kind === 'value' || newest === undefined) return newest;
  // One removal that emptied the group names itself, not the ones who added those that are gone.
  if (isEmptied(name, difference, newest)) return newest;
  const wanted = new Set(difference.ids);
  return writes
    .filter((write) => {
      const members = membershipOf(write, name);
      const ids = difference.change === 'missing' ? members?.added : members?.removed;
      return ids?.some((id) => wanted.has(id)) === true;
    })
    .at(-1);
}

/** Either all who were added did not arrive, or the removal took everybody. */
function isEmptied(name: string, difference: Difference, write: Write): boolean {
  if (difference.kind !== 'members' || difference.change !== 'missing' || difference.found > 0) return false;
  return (membershipOf(write, name)?.removed.length ?? 0) > 0;
}

/** Whom a write added and removed; undefined when it was not about members, or whatever else has this name. */
export function membershipOf(
  { properties }: Write,
  name: string,
): { readonly added: readonly string[]; readonly removed: readonly string[] } | undefined {
  const own = properties.filter(({ displayName }) => displayName === name);
  if (own.length === 0) return undefined;
  const values = (key: 'oldValue' | 'newValue') => own.flatMap((property) => property[key] ?? []);
  return { added: values('newValue'), removed: values('oldValue') };
}

/** Null: none. */
export function valueBefore({ properties }: Write, name: string): string | null {
  return properties.find(({ displayName }) => displayName === name)?.oldValue ?? null;
}

function writeOf(record: ProvisioningLogRecord): Write {
  const status = exportStep(record)?.details.ResponseStatusCode;
  return {
    recordId: record.id,
    at: record.activityDateTime,
    cycleId: record.cycleId,
    action: record.provisioningAction,
    ...(status === undefined ? {} : { answered: Number(status) }),
    properties: record.modifiedProperties,
  };
}

function isWrite(record: ProvisioningLogRecord): boolean {
  return record.provisioningStatusInfo.status !== 'failure' && exportStep(record) !== undefined;
}

function exportStep(record: ProvisioningLogRecord): ProvisioningLogRecord['provisioningSteps'][number] | undefined {
  return record.provisioningSteps.find(({ name }) => name.startsWith('EntryExport'));
}

/** When a later cycle read the resource and found nothing of this to write. */
function seenEqual(records: readonly ProvisioningLogRecord[], since: Instant | undefined): Instant | undefined {
  return records.findLast(
    (record) =>
      (since === undefined || record.activityDateTime > since) &&
      record.provisioningStatusInfo.status !== 'failure' &&
      record.provisioningSteps.some(
        ({ name, provisioningStepType: type }) => name === 'EntryImport' && type === 'matching',
      ),
  )?.activityDateTime;
}

/** When the resource was changed after the engine's last write of it; false: not since; undefined: nobody knows. */
function changedSince(
  found: ScimResource | undefined,
  records: readonly ProvisioningLogRecord[],
): Instant | false | undefined {
  const { meta } = found ?? {};
  const modified = typeof meta === 'object' && meta !== null && 'lastModified' in meta ? meta.lastModified : undefined;
  const last = records.findLast(isWrite)?.activityDateTime;
  if (typeof modified !== 'string' || Number.isNaN(Date.parse(modified)) || last === undefined) return undefined;
  return millisecondsBetween(last, new Date(modified).toISOString()) > TOLERANCE_MS ? modified : false;
}

function isStillBefore(name: string, difference: Difference, write: Write): boolean {
  if (difference.kind === 'members') return true;
  if (difference.kind === 'gone') return false;
  return (toLogText(difference.found) ?? null) === valueBefore(write, name);
}
