/** PATCH at all, before what it may hold: an endpoint that takes none in any form has one defect, not forty (scim-wire.md 6.1, 6.4). */
import { patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met } from '../check.ts';
import { usual, withUser } from '../given.ts';
import { judgeChange } from '../judge.ts';
import { plainText } from '../values.ts';

const area = 'updating users';
const NOTHING_HAPPENS = 'believes in every change it sends, and none of them happens';

export const patchingChecks: readonly ConformanceCheck[] = [
  {
    id: 'patch-user',
    explains: ({ id, area: other }) =>
      id !== 'put-user' &&
      (/^(updating users|disabling users|managers|members)$/.test(other) || /^(rename|replace)-group/.test(id)),
    name: 'change a user by PATCH',
    area,
    category: 'mandatory',
    source: 'wire 6.1, 10.1',
    seen: ['https://github.com/goauthentik/authentik/issues/13386'],
    entra: NOTHING_HAPPENS,
    fix: 'take PATCH /Users/{id} with {"op":"Replace","path":"displayName","value":"…"}; without If-Match, which Entra does not send',
    run: withUser(usual, async (talk, user) => {
      const wanted = plainText(talk, `Changed ${user.name}`);
      const send = async (op: string) => {
        const operations = Object.entries(wanted).map(([path, value]) => ({ op, path, value }));
        return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, wanted);
      };
      const verdict = await send('replace');
      return verdict.kind === 'met' ? met : send('Replace');
    }),
  },
  {
    id: 'capital-operations',
    explains: ({ dialect }) => dialect === 'legacy',
    name: 'operation names in capitals',
    area,
    category: 'mandatory',
    dialect: 'legacy',
    source: 'wire 6.4, 10.1',
    seen: ['https://github.com/langwatch/langwatch/issues/6972'],
    entra: NOTHING_HAPPENS,
    fix: 'compare `op` without regard to case: Add, Replace and Remove are what Entra sends by default',
    run: withUser(usual, async (talk, user) => {
      const wanted = plainText(talk, `Capital ${user.name}`);
      const operations = Object.entries(wanted).map(([path, value]) => ({ op: 'Replace', path, value }));
      return judgeChange(talk, await talk.send(patchRequest('User', user.id, operations)), user, wanted);
    }),
  },
];
