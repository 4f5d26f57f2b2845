/** Why the target differs, as far as the provisioning log and the resource itself tell: never taken, or changed there since. */
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { ScimResource } from '../model/scim-message.ts';
import { toLogText } from '../plan/steps.ts';
import { type Difference, isFalseAsText, type LinkedObject } from './difference.ts';

/**
 * - `not-carried-out`: the target answered with success and did not do it, or did something else
 * - `changed-since`: the target held it once, somebody changed it there
 * - `shared`: another object of the directory is linked to it as well, and each writes its own values
 * - `unclear`: the evidence points neither way
 */
export type Cause = 'not-carried-out' | 'changed-since' | 'shared' | 'unclear';

/** The write that should have brought the value about, as the log has it. */
export type Write = {
  readonly recordId: string;
  readonly at: Instant;
  readonly cycleId: string;
  readonly action: ProvisioningLogRecord['provisioningAction'];
  /** HTTP status it was answered with. */
  readonly answered?: number;
  /** Value before it; null: none. */
  readonly before: string | null;
  /** Members it added or removed, when it wrote members. */
  readonly members?: { readonly added: readonly string[]; readonly removed: readonly string[] };
};

export type Explanation = { readonly cause: Cause; readonly evidence: string; readonly write?: Write };

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
  const write = lastWrite(object, difference, records);
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
  const replaced = replaces && write !== undefined ? laterWrite(records, write) : undefined;
  if (replaced !== undefined) {
    return {
      cause: 'unclear',
      evidence: `a write of the whole resource on ${replaced} may have taken it away`,
      ...written,
    };
  }
  const rewritten = write === undefined ? undefined : laterMemberWrite(object, difference, records, write);
  if (rewritten !== undefined) {
    return { cause: 'unclear', evidence: `a later write of members on ${rewritten} may have undone it`, ...written };
  }
  return { ...judge(difference, found, records, write), ...written };
}

/** When others came or left after this write: a target that takes an Add for a Replace loses those who were there. */
function laterMemberWrite(
  { mapping }: LinkedObject,
  difference: Difference,
  records: readonly ProvisioningLogRecord[],
  write: Write,
): Instant | undefined {
  if (difference.kind !== 'members') return undefined;
  const own = records.findLastIndex(({ id }) => id === write.recordId);
  const name = mapping.nameOf(difference.path);
  return records
    .slice(own + 1)
    .filter(isWrite)
    .flatMap((record) => writeOf(record, name))[0]?.at;
}

function isTextForBoolean(difference: Difference): boolean {
  return difference.kind === 'value' && isFalseAsText(difference.path, difference.found);
}

/** When the resource was written after this write, in the order of the log. */
function laterWrite(records: readonly ProvisioningLogRecord[], write: Write): Instant | undefined {
  const own = records.findLastIndex(({ id }) => id === write.recordId);
  return records.slice(own + 1).find(isWrite)?.activityDateTime;
}

function judge(
  difference: Difference,
  found: ScimResource | undefined,
  records: readonly ProvisioningLogRecord[],
  write: Write | undefined,
): Pick<Explanation, 'cause' | 'evidence'> {
  if (isTextForBoolean(difference))
    return { cause: 'not-carried-out', evidence: 'it keeps a text where a boolean belongs; programs take it for true' };
  const seen = difference.kind === 'members' ? undefined : seenEqual(records, write?.at);
  if (seen !== undefined) {
    const wrote = records.some((record) => record.activityDateTime >= seen && isWrite(record));
    const evidence = `a cycle read it on ${seen}, and it was right then`;
    return {
      cause: 'changed-since',
      evidence: wrote ? `${evidence}; what was written after it may have undone it` : evidence,
    };
  }
  if (difference.kind === 'gone') {
    return { cause: 'changed-since', evidence: 'the target had given it an id; it was deleted there, or never kept' };
  }
  const changed = changedSince(found, records);
  if (write === undefined) {
    if (difference.kind === 'members' && difference.change === 'extra')
      return { cause: 'changed-since', evidence: 'they were added there; the engine never wrote them' };
    return { cause: 'unclear', evidence: 'the log holds no write of it any more' };
  }
  const stillBefore = isStillBefore(difference, write);
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
function lastWrite(
  { mapping }: LinkedObject,
  difference: Difference,
  records: readonly ProvisioningLogRecord[],
): Write | undefined {
  if (difference.kind === 'gone') return undefined;
  const name = mapping.nameOf(difference.path);
  const writes = records.filter(isWrite).flatMap((record) => writeOf(record, name));
  if (difference.kind === 'value') return writes.at(-1);
  const newest = writes.at(-1);
  // One removal that emptied the group names itself, not the ones who added those that are gone.
  if (difference.change === 'missing' && difference.found === 0 && (newest?.members?.removed.length ?? 0) > 0)
    return newest;
  const wanted = new Set(difference.ids);
  return writes
    .filter(({ members }) => {
      const ids = difference.change === 'missing' ? members?.added : members?.removed;
      return ids?.some((id) => wanted.has(id)) === true;
    })
    .at(-1);
}

function writeOf(record: ProvisioningLogRecord, name: string): readonly Write[] {
  const properties = record.modifiedProperties.filter(({ displayName }) => displayName === name);
  const [first] = properties;
  if (first === undefined) return [];
  const status = exportStep(record)?.details.ResponseStatusCode;
  const values = (key: 'oldValue' | 'newValue') => properties.flatMap((property) => property[key] ?? []);
  return [
    {
      recordId: record.id,
      at: record.activityDateTime,
      cycleId: record.cycleId,
      action: record.provisioningAction,
      ...(status === undefined ? {} : { answered: Number(status) }),
      before: first.oldValue,
      members: { added: values('newValue'), removed: values('oldValue') },
    },
  ];
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

function isStillBefore(difference: Difference, write: Write): boolean {
  if (difference.kind === 'members') return true;
  if (difference.kind === 'gone') return false;
  return (toLogText(difference.found) ?? null) === write.before;
}
