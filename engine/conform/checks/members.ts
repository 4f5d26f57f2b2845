/** Memberships: Entra never reads them back, so a wrong answer is never noticed (scim-wire.md 8.3). */
import type { PatchMode } from '../../model/scim-message.ts';
import { type MemberChanges, memberOperations } from '../../scim/patch.ts';
import { getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet, type Verdict } from '../check.ts';
import type { Conversation, Exchange } from '../conversation.ts';
import { inBothDialects, sendUpdate } from '../dialect.ts';
import { type Made, withGroup } from '../given.ts';
import { isSuccess, membersIn, refused } from '../judge.ts';
import { answered } from '../reaction.ts';

const shared = { area: 'members', category: 'mandatory', groups: true } as const;

/** The PATCH the engine sends. */
async function sendMembers(
  talk: Conversation,
  group: Made,
  mode: PatchMode,
  changes: Partial<Pick<MemberChanges, 'added' | 'removed'>>,
): Promise<Exchange> {
  const [operations = []] = memberOperations({ mode, added: [], removed: [], batchSize: 100, ...changes });
  return talk.send(patchRequest('Group', group.id, operations));
}

const DUPLICATES = { entra: 'does not notice', tolerable: true };

/** After `change`, these and no others are to be in the group. */
async function judgeMembers(
  talk: Conversation,
  change: Exchange,
  group: Made,
  wanted: readonly Made[],
  before: number,
): Promise<Verdict> {
  if (!isSuccess(change)) return refused(change);
  const back = await talk.send(getRequest('Group', group.id, { members: true }));
  const members = membersIn(back);
  if (members === undefined) return unmet(`answered ${change.status}, and a GET of the group ${answered(back)}`, back);
  const twice = members.length - new Set(members).size;
  if (twice > 0) return unmet(`answered ${change.status}, members listed twice: ${twice}`, change, DUPLICATES);
  const missing = wanted.filter(({ id }) => !members.includes(id)).length;
  const extra = members.length - (wanted.length - missing);
  if (missing === 0 && extra === 0) return met;
  if (members.length === 0 && wanted.length > 0 && before > 0)
    return unmet(`answered ${change.status} and removed all ${before} members`, change);
  const parts = [
    ...(missing > 0 ? [`members missing: ${missing} of ${wanted.length}`] : []),
    ...(extra > 0 ? [`still in the group: ${extra} who should not be`] : []),
  ];
  return unmet(`answered ${change.status}, ${parts.join(', ')}`, change);
}

export const memberChecks: readonly ConformanceCheck[] = [
  ...inBothDialects(
    {
      ...shared,
      id: 'add-member',
      name: 'add a group member',
      source: 'wire 8.3',
      covers: ['hosted 22', 'gallery 11'],
      entra: 'believes the user is in the group, and never looks',
      fix: 'add the users of the list to `members`, keeping those who are in it',
    },
    (mode) =>
      withGroup({ users: 1 }, async (talk, group, users) => {
        const change = await sendMembers(talk, group, mode, { added: users.map(({ id }) => id) });
        return judgeMembers(talk, change, group, users, 0);
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'add-members',
      name: 'add several group members at once',
      source: 'wire 8.3, 10.1',
      entra: 'believes all of them are in the group, and never looks',
      fix: 'take every user of the list',
    },
    (mode) =>
      withGroup({ users: 3 }, async (talk, group, users) => {
        const change = await sendMembers(talk, group, mode, { added: users.map(({ id }) => id) });
        return judgeMembers(talk, change, group, users, 0);
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'add-member-again',
      name: 'add a member who is in the group already',
      source: 'wire 8.3',
      seen: ['https://github.com/simpleidserver/SimpleIdServer/issues/245'],
      entra: 'fails the group in every cycle',
      fix: 'answer success when the user is a member already, and keep one entry',
    },
    (mode) =>
      withGroup({ users: 2, members: true }, async (talk, group, users) => {
        const change = await sendMembers(talk, group, mode, { added: users.slice(0, 1).map(({ id }) => id) });
        return judgeMembers(talk, change, group, users, users.length);
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'remove-member',
      name: 'remove one group member',
      source: 'wire 8.3, 6.4',
      covers: ['hosted 23', 'gallery 12'],
      seen: [
        'https://github.com/MicrosoftDocs/azure-docs/issues/30826',
        'https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/167',
        'https://github.com/thomaspoignant/scim-patch/issues/959',
        'https://github.com/AzureAD/SCIMReferenceCode/issues/10',
      ],
      entra: 'believes that one has left and the others are still in it, and never looks',
      fix: 'remove only the users that the value list (default) or the filter in the path (aadOptscim062020) names',
    },
    (mode) =>
      withGroup({ users: 3, members: true }, async (talk, group, users) => {
        const change = await sendMembers(talk, group, mode, { removed: users.slice(0, 1).map(({ id }) => id) });
        return judgeMembers(talk, change, group, users.slice(1), users.length);
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'remove-members',
      name: 'remove several group members at once',
      source: 'wire 8.3',
      entra: 'believes that they have left, and never looks',
      fix: 'remove every user that is named, and nobody else',
    },
    (mode) =>
      withGroup({ users: 3, members: true }, async (talk, group, users) => {
        const change = await sendMembers(talk, group, mode, { removed: users.slice(0, 2).map(({ id }) => id) });
        return judgeMembers(talk, change, group, users.slice(2), users.length);
      }),
  ),
  {
    ...shared,
    id: 'add-members-in-two-operations',
    name: 'two operations on the members in one request',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P7'],
    unusual: true,
    entra: 'sends two removals this way when the tenant URL has aadOptscim062020',
    fix: 'apply every operation of a request',
    run: withGroup({ users: 2 }, async (talk, group, users) => {
      const operations = users.map(({ id }) => ({ op: 'add', path: 'members', value: [{ value: id }] }));
      return judgeMembers(talk, await talk.send(patchRequest('Group', group.id, operations)), group, users, 0);
    }),
  },
  ...inBothDialects(
    {
      ...shared,
      id: 'rename-keeps-members',
      name: 'members stay when the group is renamed',
      source: 'wire 8.3',
      entra: 'never reads members back: the group stays empty',
      fix: 'PATCH changes what its operations name: a new displayName is no new group',
    },
    (mode) =>
      withGroup({ users: 2, members: true }, async (talk, group, users) => {
        const renamed = await sendUpdate(talk, group, mode, { displayName: talk.unique() });
        if (!isSuccess(renamed)) return unjudged(`renaming a group ${answered(renamed)}`);
        return judgeMembers(talk, renamed, group, users, users.length);
      }),
  ),
  {
    ...shared,
    id: 'disabled-member-stays',
    name: 'a disabled user stays in the group',
    category: 'recommended',
    source: 'wire 7',
    entra: 'does not add the user again when the person comes back',
    fix: 'keep memberships while a user is disabled',
    run: withGroup({ users: 2, members: true }, async (talk, group, users) => {
      const [first] = users;
      if (first === undefined) return met;
      const disabled = await sendUpdate(talk, first, talk.patchMode, { active: 'False' });
      if (!isSuccess(disabled)) return unjudged(`disabling a user ${answered(disabled)}`);
      return judgeMembers(talk, disabled, group, users, users.length);
    }),
  },
];
