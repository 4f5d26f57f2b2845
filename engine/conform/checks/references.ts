/** The manager reference: a bare id at the URN path (scim-wire.md 6.6). */
import type { PatchMode } from '../../model/scim-message.ts';
import { managerOperation } from '../../scim/patch.ts';
import { getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet, type Verdict } from '../check.ts';
import { asResource, type Conversation, type Exchange } from '../conversation.ts';
import { inBothDialects } from '../dialect.ts';
import { type Made, makeUser, usual, withUser } from '../given.ts';
import { differences, isSuccess, judgeChange, refused } from '../judge.ts';
import { DEPARTMENT, MANAGER } from '../values.ts';

const shared = { area: 'managers', category: 'mandatory', uses: [DEPARTMENT] } as const;

/** The PATCH the engine sends: set, change, or remove when `desired` is undefined. */
async function sendManager(
  talk: Conversation,
  user: Made,
  mode: PatchMode,
  change: { readonly current?: string; readonly desired?: string },
): Promise<Exchange> {
  const operations = managerOperation({ mode, path: MANAGER, removal: 'replaceEmpty', ...change });
  return talk.send(patchRequest('User', user.id, operations));
}

/** A user whose manager is set in the dialect, and one more who could be. */
async function managed(
  talk: Conversation,
  user: Made,
  mode: PatchMode,
): Promise<{ readonly first: Made; readonly second: Made } | Verdict> {
  const first = await makeUser(talk, usual);
  if ('kind' in first) return first;
  const second = await makeUser(talk, usual);
  if ('kind' in second) return second;
  const set = await judgeChange(talk, await sendManager(talk, user, mode, { desired: first.id }), user, {
    [MANAGER]: first.id,
  });
  return set.kind === 'met' ? { first, second } : unjudged('a manager cannot be set');
}

export const managerChecks: readonly ConformanceCheck[] = [
  ...inBothDialects(
    {
      ...shared,
      id: 'set-manager',
      name: 'set the manager',
      source: 'wire 6.6',
      covers: ['hosted 9', 'gallery 5', 'gallery 25'],
      seen: [
        'https://github.com/Captain-P-Goldfish/SCIM-SDK/issues/541',
        'https://github.com/apache/directory-scimple/issues/1242',
      ],
      entra: 'believes the manager is set',
      fix: 'take a bare id as the value of the manager: {"op":"Add","path":"urn:…:User:manager","value":"id"}',
    },
    (mode) =>
      withUser(usual, async (talk, user) => {
        const manager = await makeUser(talk, usual);
        if ('kind' in manager) return manager;
        const set = await sendManager(talk, user, mode, { desired: manager.id });
        return judgeChange(talk, set, user, { [MANAGER]: manager.id });
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'change-manager',
      name: 'change the manager',
      source: 'wire 6.6',
      covers: ['hosted 10', 'gallery 5', 'gallery 25'],
      entra: 'believes the manager has changed',
      fix: 'let Replace on the manager take a bare id too',
    },
    (mode) =>
      withUser(usual, async (talk, user) => {
        const there = await managed(talk, user, mode);
        if ('kind' in there) return there;
        const { first, second } = there;
        const change = await sendManager(talk, user, mode, { current: first.id, desired: second.id });
        return judgeChange(talk, change, user, { [MANAGER]: second.id });
      }),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'remove-manager',
      name: 'remove the manager',
      source: 'wire 6.6',
      covers: ['hosted 11', 'gallery 5', 'gallery 25'],
      seen: ['https://github.com/thomaspoignant/scim-patch/issues/453'],
      entra: 'believes the manager is removed',
      fix: 'take Replace with an empty text as "no manager"',
    },
    (mode) =>
      withUser(usual, async (talk, user) => {
        const there = await managed(talk, user, mode);
        if ('kind' in there) return there;
        const change = await sendManager(talk, user, mode, { current: there.first.id });
        return judgeChange(talk, change, user, { [MANAGER]: null });
      }),
  ),
  {
    ...shared,
    id: 'set-manager-object',
    name: 'set the manager as an object',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted 9', 'hosted 10'],
    unusual: true,
    entra: 'never sends it; the hosted validator does',
    fix: 'take {"value":"id"} beside the bare id',
    run: withUser(usual, async (talk, user) => {
      const manager = await makeUser(talk, usual);
      if ('kind' in manager) return manager;
      const operations = [{ op: 'add', path: MANAGER, value: { value: manager.id } }];
      const set = await talk.send(patchRequest('User', user.id, operations));
      return judgeChange(talk, set, user, { [MANAGER]: manager.id });
    }),
  },
  {
    ...shared,
    id: 'remove-manager-path',
    name: 'remove the manager by its path',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted 11'],
    unusual: true,
    entra: 'sends it only where target.managerRemoval says removePath; the hosted validator does',
    fix: 'take remove with the path of the manager',
    run: withUser(usual, async (talk, user) => {
      const there = await managed(talk, user, talk.patchMode);
      if ('kind' in there) return there;
      const change = await talk.send(patchRequest('User', user.id, [{ op: 'remove', path: MANAGER }]));
      return judgeChange(talk, change, user, { [MANAGER]: null });
    }),
  },
  {
    ...shared,
    id: 'remove-manager-filtered',
    name: 'remove the manager by a filter',
    category: 'recommended',
    source: 'wire 6.6, 12',
    seen: ['https://github.com/thomaspoignant/scim-patch/issues/453'],
    unusual: true,
    entra: 'sent it for some jobs; here only where target.managerRemoval says removeFiltered',
    fix: 'take remove with the path manager[value eq "id"], although the manager is no list',
    run: withUser(usual, async (talk, user) => {
      const there = await managed(talk, user, talk.patchMode);
      if ('kind' in there) return there;
      const current = there.first.id;
      const operations = managerOperation({ mode: talk.patchMode, path: MANAGER, removal: 'removeFiltered', current });
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, { [MANAGER]: null });
    }),
  },
  {
    ...shared,
    id: 'manager-shape',
    name: 'shape of the manager in answers',
    source: 'wire 6.6',
    seen: [
      'https://github.com/Budibase/budibase/issues/15369',
      'https://github.com/MicrosoftDocs/azure-docs/issues/11784',
    ],
    entra: 'fails the user (ServiceIncompatible), or writes the manager in every cycle',
    fix: 'return the manager as {"value":"id"} under the enterprise URN',
    run: withUser(usual, async (talk, user) => {
      const there = await managed(talk, user, talk.patchMode);
      if ('kind' in there) return there;
      const back = await talk.send(getRequest('User', user.id));
      if (!isSuccess(back)) return refused(back);
      const wrong = differences(asResource(back.body) ?? {}, { [`${MANAGER}.value`]: there.first.id });
      return wrong.length === 0 ? met : unmet(wrong.join(', '), back);
    }),
  },
];
