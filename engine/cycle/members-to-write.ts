/** Groups whose members are compared anew in the later pass, though nothing in the directory changed them. */
import type { ObjectMapping } from '../model/mapping.ts';
import type { SourceId } from '../model/source-object.ts';
import { membersReference } from '../plan/pending-references.ts';
import type { PendingReference } from '../plan/plan.ts';
import { identityOf } from '../plan/subject.ts';
import type { Cycle } from './cycle.ts';

const GROUP: ObjectMapping['from'] = 'Group';

/** One reference for each of the groups that is in the directory; none when the job writes no members. */
export async function membersToWrite(
  cycle: Cycle,
  groupIds: readonly SourceId[],
): Promise<readonly PendingReference[]> {
  const mapping = cycle.job.mappings.find(({ type }) => type === GROUP);
  const row = mapping?.references.find(({ kind }) => kind === 'members');
  if (mapping === undefined || row === undefined) return [];
  const { directory } = cycle.ports;
  const groups = await directory.objects(groupIds);
  const uncertain = await directory.uncertain(groupIds);
  const references: PendingReference[] = [];
  for (const [id, group] of groups) {
    const refersTo = uncertain.has(id)
      ? await lastKnownMembers(cycle, id)
      : (group.members ?? []).map((member) => member.id);
    references.push(membersReference(identityOf(group), mapping.name, row, refersTo));
  }
  return references;
}

/** Whom a group had that the directory is not certain about. */
async function lastKnownMembers({ job, ports: { store } }: Cycle, groupId: SourceId): Promise<readonly SourceId[]> {
  const { held, uncertain } = await store.membersOf(job.jobId, groupId);
  const links = await store.linksTo(job.jobId, [...new Set([...held, ...uncertain])]);
  return links.map(({ sourceId }) => sourceId);
}
