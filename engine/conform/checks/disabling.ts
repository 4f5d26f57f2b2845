/** Disabling and enabling: where a silent failure leaves a leaver with access (scim-wire.md 7). */
import type { PatchMode } from '../../model/scim-message.ts';
import { createRequest, deleteRequest, getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet } from '../check.ts';
import { asResource } from '../conversation.ts';
import { changeOfUser, inBothDialects, judgeUpdate } from '../dialect.ts';
import { unknownId, usual, withUser } from '../given.ts';
import { differences, echoed, isSuccess, judgeChange, judgeGone, judgeHit, refused, statusVerdict } from '../judge.ts';
import { answered } from '../reaction.ts';
import { bodyOf } from '../values.ts';

const area = 'disabling users';
const DISABLED = { active: 'False' };
const BOTH: readonly PatchMode[] = ['aadOptscim062020', 'legacy'];

export const disablingChecks: readonly ConformanceCheck[] = [
  ...changeOfUser(
    {
      id: 'disable',
      name: 'disable',
      area,
      category: 'mandatory',
      source: 'wire 6.4, 7',
      covers: ['hosted 8', 'gallery 3'],
      seen: ['https://github.com/scimmyjs/scimmy/issues/51', 'https://github.com/rancher/rancher/issues/52996'],
      entra: 'believes the user is disabled and never asks again: a leaver keeps access',
      fix: 'read "True" and "False" as booleans, and operation names in any case',
    },
    { given: usual, wanted: () => DISABLED },
  ),
  ...inBothDialects(
    {
      id: 'enable',
      name: 'enable again',
      area,
      category: 'mandatory',
      source: 'wire 6.4, 7',
      covers: ['gallery 6'],
      entra: 'believes the user is back; the user cannot sign in',
      fix: 'read "True" and "False" as booleans, and operation names in any case; keep disabled users',
    },
    (mode) =>
      withUser(
        () => DISABLED,
        (talk, user) => judgeUpdate(talk, user, mode, { active: 'True' }),
      ),
  ),
  {
    id: 'boolean-text',
    explains: ({ id }) => /^(disable|enable|add-all)-legacy$|boolean-text|^primary-role$/.test(id),
    name: 'booleans sent as text',
    area,
    category: 'mandatory',
    dialect: 'legacy',
    source: 'wire 6.4, 10.1',
    seen: ['https://github.com/scimmyjs/scimmy/issues/51'],
    entra: 'believes the user is disabled and never asks again: a leaver keeps access',
    fix: 'read the text "False" as false: that is what the default mapping of active yields',
    run: withUser(usual, async (talk, user) => {
      const operations = [{ op: 'replace', path: 'active', value: 'False' }];
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, { active: false });
    }),
  },
  {
    id: 'boolean-text-lower-case',
    name: 'booleans sent as lower-case text',
    area,
    category: 'recommended',
    source: 'wire 12',
    seen: ['https://github.com/scimmyjs/scimmy/issues/86'],
    unusual: true,
    entra: 'sends this where the expression of the mapping says "false"',
    fix: 'read boolean texts in any case',
    run: withUser(usual, async (talk, user) => {
      const operations = [{ op: 'Replace', path: 'active', value: 'false' }];
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, { active: false });
    }),
  },
  {
    id: 'disable-without-path',
    name: 'disable by an operation without path',
    area,
    category: 'recommended',
    source: 'wire 11.2, 12',
    seen: ['https://github.com/Metatavu/keycloak-scim-server/issues/95'],
    unusual: true,
    entra: 'never sends it; Okta does',
    fix: 'take {"op":"replace","value":{"active":false}}',
    run: withUser(usual, async (talk, user) => {
      const operations = [{ op: 'replace', value: { active: false } }];
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, { active: false });
    }),
  },
  {
    id: 'disabled-still-found',
    name: 'a disabled user is still found',
    area,
    category: 'mandatory',
    source: 'wire 4.2, 7',
    covers: ['hosted 8', 'gallery 3', 'gallery 6'],
    seen: ['https://github.com/sourcegraph/sourcegraph-public-snapshot/issues/49325'],
    entra: 'takes the user for gone, and creates a second account when the person comes back',
    fix: 'return disabled users by id and by filter, with active false',
    run: withUser(usual, async (talk, user) => {
      for (const mode of BOTH) {
        const disabled = await judgeUpdate(talk, user, mode, DISABLED);
        if (disabled.kind === 'met') return judgeHit(talk, user, 'userName', talk.userName(user.name));
        const back = await talk.send(getRequest('User', user.id));
        if (!isSuccess(back)) return unmet(`a GET of the disabled user ${answered(back)}`, back);
      }
      return unjudged('no dialect disables a user');
    }),
  },
];

export const deletingChecks: readonly ConformanceCheck[] = [
  {
    id: 'delete-user',
    name: 'delete a user',
    area: 'deleting users',
    category: 'mandatory',
    source: 'wire 7, 10.2',
    covers: ['hosted 12', 'gallery 4'],
    entra: 'believes the account is gone and forgets it',
    fix: 'answer DELETE with 204, and any GET of the user after it with 404; let no filter find it',
    run: withUser(usual, async (talk, user) => {
      const gone = await talk.send(deleteRequest('User', user.id));
      // An endpoint may offer disabling alone (scim-wire.md 10.1, number 1).
      if (gone.status === 405 || gone.status === 501) return unmet(answered(gone), gone, { tolerable: true });
      if (!isSuccess(gone)) return refused(gone);
      return judgeGone(talk, gone, user, 'userName', talk.userName(user.name));
    }),
  },
  {
    id: 'delete-twice',
    name: 'delete a user twice',
    area: 'deleting users',
    category: 'recommended',
    source: 'wire 7, 10.2',
    covers: ['hosted P3'],
    entra: 'takes 404 for success, anything else for a failure',
    fix: 'answer 404 to DELETE of a user who is gone',
    run: withUser(usual, async (talk, user) => {
      const first = await talk.send(deleteRequest('User', user.id));
      if (!isSuccess(first)) return unjudged(`deleting a user ${answered(first)}`);
      const second = await talk.send(deleteRequest('User', user.id));
      return second.status === 404 ? met : unmet(answered(second, 404), second);
    }),
  },
  {
    id: 'delete-unknown',
    name: 'delete a user that never existed',
    area: 'deleting users',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P4'],
    entra: 'takes 404 for success, anything else for a failure',
    fix: 'answer 404 to DELETE of an unknown id',
    run: withUser(usual, async (talk, user) =>
      statusVerdict(await talk.send(deleteRequest('User', unknownId(talk, user))), 404),
    ),
  },
  {
    id: 'create-after-delete',
    name: 'create a user again after deleting it',
    area: 'deleting users',
    category: 'recommended',
    source: 'wire 10.3',
    covers: ['gallery 6'],
    entra: 'cannot bring a returning person back: the create fails in every cycle',
    fix: 'release userName and externalId of a deleted user',
    run: withUser(usual, async (talk, user) => {
      const gone = await talk.send(deleteRequest('User', user.id));
      if (!isSuccess(gone)) return unjudged(`deleting a user ${answered(gone)}`);
      const exchange = await talk.send(createRequest('User', bodyOf('User', user.values)));
      if (!isSuccess(exchange)) return refused(exchange);
      const wrong = differences(asResource(exchange.body) ?? {}, { userName: talk.userName(user.name) });
      return wrong.length === 0 ? met : echoed(exchange, 'userName', wrong);
    }),
  },
];
