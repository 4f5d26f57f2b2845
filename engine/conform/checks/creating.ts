/** Creating users (scim-wire.md 5). */

import type { ScimResource } from '../../model/scim-message.ts';
import { parseAttributePath, readPath } from '../../scim/attribute-path.ts';
import { readErrorBody } from '../../scim/error-response.ts';
import { readListResponse } from '../../scim/list-response.ts';
import { createRequest, findRequest, getRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet } from '../check.ts';
import { asResource, idOf } from '../conversation.ts';
import { NO_ID, usual, withUser } from '../given.ts';
import { differences, echoed, isSuccess, refused } from '../judge.ts';
import { answered } from '../reaction.ts';
import { bodyOf, CORE_PATHS, isDerived, only, userValues, type Values } from '../values.ts';

const area = 'creating users';
const CORE = new Set(CORE_PATHS);
const BEYOND = (values: Values) => Object.fromEntries(Object.entries(values).filter(([path]) => !CORE.has(path)));

const CORE_USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
const CORE_USER = CORE_USER_URN.toLowerCase();

/** Without these nobody is provisioned. */
const NEEDED = new Set(['userName', 'active']);

const SAME = { entra: 'takes the account that is there for the one it asked for', tolerable: true };

/** Whether every core value that differs is simply not there, or composed from the name. */
function onlyDropped(resource: ScimResource, values: Values): boolean {
  const there = Object.entries(only(values, CORE)).filter(
    ([path]) => !isDerived(path) && readPath(resource, parseAttributePath(path)) !== undefined,
  );
  return differences(resource, Object.fromEntries(there)).length === 0;
}

export const creatingChecks: readonly ConformanceCheck[] = [
  {
    id: 'create-user',
    explains: ({ id }) => id === 'resources-have-id',
    name: 'create a user',
    area,
    category: 'mandatory',
    source: 'wire 5.1, 5.3',
    covers: ['hosted 1', 'gallery 1', 'gallery 7', 'gallery 17'],
    seen: ['https://github.com/simpleidserver/SimpleIdServer/issues/733'],
    entra: 'cannot remember the account (ResourceWithoutIdentifier): it is created again and again, or fails for ever',
    fix: 'answer POST /Users with 201 and the whole resource, with an "id" that never changes; ignore attributes you do not know',
    run: async (talk) => {
      const values = userValues(talk, talk.unique());
      const exchange = await talk.send(createRequest('User', bodyOf('User', values)));
      if (!isSuccess(exchange)) return refused(exchange);
      if (idOf(exchange.body) === undefined) return unmet(`answered ${exchange.status} without "id"`, exchange);
      const wrong = differences(asResource(exchange.body) ?? {}, { userName: values.userName ?? '' });
      if (wrong.length > 0) return echoed(exchange, 'userName', wrong);
      return exchange.status === 201 ? met : unmet(answered(exchange, 201), exchange, { tolerable: true });
    },
  },
  {
    id: 'create-keeps-core',
    name: 'values of a created user',
    area,
    category: 'mandatory',
    source: 'wire 5.1, 10.1',
    covers: ['hosted 1'],
    entra: 'sends the difference again with every change of the user',
    fix: 'store userName, active, displayName, externalId, names and work mail address as they were sent, and return them',
    run: withUser(
      (name, talk) => only(userValues(talk, name), CORE),
      async (talk, user) => {
        const back = await talk.send(getRequest('User', user.id));
        if (!isSuccess(back)) return refused(back);
        const resource = asResource(back.body) ?? {};
        const wrong = differences(resource, only(user.values, CORE));
        if (wrong.length === 0) return met;
        // Entra sends a dropped or composed value again and again, and works; a changed one, or a user who is not active, is another matter.
        const dropped =
          differences(resource, only(user.values, NEEDED)).length === 0 && onlyDropped(resource, user.values);
        return unmet(wrong.join(', '), user.exchange, dropped ? { tolerable: true } : {});
      },
    ),
  },
  {
    id: 'create-keeps-all',
    name: 'further values of a created user',
    area,
    category: 'recommended',
    source: 'wire 5.1',
    covers: ['hosted 1'],
    entra: 'sends them again with every change of the user, unless the administrator removes them from the mapping',
    fix: 'store title, phone, address, language and the enterprise extension, or tell administrators to unmap what you do not keep',
    run: async (talk) => {
      const values = userValues(talk, talk.unique());
      const exchange = await talk.send(createRequest('User', bodyOf('User', values)));
      if (!isSuccess(exchange)) return refused(exchange);
      const id = idOf(exchange.body);
      if (id === undefined) return unjudged(NO_ID);
      const back = await talk.send(getRequest('User', id));
      const wrong = differences(asResource(back.body) ?? {}, BEYOND(values));
      return wrong.length === 0 ? met : unmet(wrong.join(', '), exchange);
    },
  },
  {
    id: 'create-minimal',
    name: 'create a user with nothing but userName',
    area,
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted 25'],
    entra: 'logs the refusal for users whose other attributes are empty',
    fix: 'require nothing but userName, or say in `detail` what is missing',
    run: async (talk) => {
      const values = { userName: talk.userName(talk.unique()) };
      const exchange = await talk.send(createRequest('User', bodyOf('User', values)));
      return isSuccess(exchange) ? met : refused(exchange);
    },
  },
  {
    id: 'create-duplicate',
    name: 'create a user twice',
    area,
    category: 'mandatory',
    source: 'wire 5.3, 10.2',
    covers: ['hosted 2'],
    entra: 'has two accounts for one person; from then on matching fails with DuplicateTargetEntries',
    fix: 'answer 409 with scimType uniqueness when the userName is taken',
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send(createRequest('User', bodyOf('User', user.values)));
      if (exchange.status === 409) return met;
      const refusal = exchange.status >= 400;
      if (refusal) return unmet(answered(exchange, 409), exchange, { tolerable: true });
      if (!isSuccess(exchange)) return refused(exchange);
      if (idOf(exchange.body) === user.id)
        return unmet(`answered ${exchange.status} with the first one`, exchange, SAME);
      return unmet(`answered ${exchange.status} and made a second one`, exchange);
    }),
  },
  {
    id: 'create-duplicate-case',
    name: 'create a user again with userName in another case',
    area,
    category: 'recommended',
    source: 'wire 4.2',
    entra: 'can end up with two accounts for one person after a change of spelling',
    fix: 'compare userName without regard to case for uniqueness too',
    run: withUser(usual, async (talk, user) => {
      const values = { ...user.values, userName: talk.userName(user.name).toUpperCase() };
      const exchange = await talk.send(createRequest('User', bodyOf('User', values)));
      return exchange.status === 409 ? met : unmet(answered(exchange, 409), exchange);
    }),
  },
  {
    id: 'create-boolean-text',
    name: 'create a user with active as the text "True"',
    area,
    category: 'recommended',
    source: 'wire 5.1 rule 10',
    unusual: true,
    entra: 'sent this in 2020, and may again: the create fails',
    fix: 'read "True" and "False" as booleans in bodies too',
    run: async (talk) => {
      if (talk.survey.broken !== undefined) return unjudged(talk.survey.broken);
      const values = only(userValues(talk, talk.unique()), talk.survey.kept);
      const body = asResource(bodyOf('User', values)) ?? {};
      const exchange = await talk.send(createRequest('User', { ...body, active: 'True' }));
      if (!isSuccess(exchange)) return refused(exchange);
      const id = idOf(exchange.body);
      if (id === undefined) return unjudged(NO_ID);
      const back = await talk.send(getRequest('User', id));
      const wrong = differences(asResource(back.body) ?? {}, { active: true });
      return wrong.length === 0 ? met : unmet(`answered ${exchange.status}, ${wrong.join(', ')}`, exchange);
    },
  },
  {
    id: 'error-body',
    name: 'error answers in SCIM form',
    area,
    category: 'recommended',
    source: 'wire 9.1, 10.1',
    covers: ['hosted 2'],
    entra: 'shows administrators the raw body instead of a reason',
    fix: 'answer errors with the Error schema, `status` and a `detail` that an administrator understands',
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send(createRequest('User', bodyOf('User', user.values)));
      if (exchange.status < 400) return met;
      const schemas = asResource(exchange.body)?.schemas;
      const named = Array.isArray(schemas) && schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error');
      if (!named) return unmet(`answered ${exchange.status} without the Error schema`, exchange);
      return readErrorBody(exchange.body).detail === undefined
        ? unmet(`answered ${exchange.status} without "detail"`, exchange)
        : met;
    }),
  },
  {
    id: 'resources-have-id',
    name: 'id on every resource of a list',
    area,
    category: 'mandatory',
    source: 'wire 4.2, 10.1',
    seen: ['https://github.com/Budibase/budibase/issues/15369'],
    entra: 'fails the object: SystemForCrossDomainIdentityManagementServiceIncompatible',
    fix: 'return "id" with every resource, in lists too',
    run: async (talk) => {
      const all = userValues(talk, talk.unique());
      const values = talk.survey.broken === undefined ? only(all, talk.survey.kept) : all;
      const made = await talk.send(createRequest('User', bodyOf('User', values)));
      if (!isSuccess(made)) return refused(made);
      const exchange = await talk.send(findRequest('User', 'userName', String(values.userName)));
      const resources = readListResponse(exchange.body)?.resources ?? [];
      const without = resources.filter((resource) => idOf(resource) === undefined).length;
      return without === 0 ? met : unmet(`resources without "id": ${without} of ${resources.length}`, exchange);
    },
  },
  {
    id: 'resource-form',
    name: 'schemas and a text as id in resources',
    area,
    category: 'recommended',
    source: 'wire 5.3',
    entra: 'does not notice; other clients refuse the resource',
    fix: 'return "schemas" with the URN of the resource type, and "id" as a text, with every resource',
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send(getRequest('User', user.id));
      if (!isSuccess(exchange)) return refused(exchange);
      const { id, schemas } = asResource(exchange.body) ?? {};
      const named = Array.isArray(schemas) && schemas.some((urn) => String(urn).toLowerCase() === CORE_USER);
      if (!named) return unmet(`"schemas" does not list ${CORE_USER_URN}`, exchange);
      return typeof id === 'string' ? met : unmet(`"id" is ${JSON.stringify(id)}, not a text`, exchange);
    }),
  },
];
