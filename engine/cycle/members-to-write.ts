/** Groups whose members are compared anew in the later pass, though nothing in the directory changed them. */
import type { ObjectMapping } from '../model/mapping.ts';
import type { SourceId } from '../model/source-object.ts';
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
  const groups = await cycle.ports.directory.objects(groupIds);
  return [...groups.values()].map((group) => ({
    kind: 'members',
    source: identityOf(group),
    mapping: mapping.name,
    path: row.path.text,
    refersTo: (group.members ?? []).map(({ id }) => id),
  }));
}
