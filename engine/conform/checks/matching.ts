/** Finding an account again: filters and reads by id (scim-wire.md 1.5, 4). */
import { encodeQuery, findRequest, getRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet } from '../check.ts';
import { asResource, idOf } from '../conversation.ts';
import { makeUser, unknownId, usual, withUser } from '../given.ts';
import { emptyVerdict, hitVerdict, isSuccess, judgeHit, refused, similarNames, statusVerdict } from '../judge.ts';
import { WORK_MAIL } from '../values.ts';

const area = 'matching';

export const matchingChecks: readonly ConformanceCheck[] = [
  {
    id: 'filter-no-match',
    explains: ({ id }) => /(^|-)filter-|^test-connection$|^rename-user-|^disabled-still-found$/.test(id),
    name: 'filter for a user that does not exist',
    area,
    category: 'mandatory',
    source: 'wire 4.2, 10.2',
    covers: ['hosted 4'],
    entra: 'takes the wrong account for a match, or stops with FilterIgnored',
    fix: 'apply the filter; when nothing matches, answer 200 with totalResults 0 and an empty Resources list, never 404',
    run: async (talk) => emptyVerdict(await talk.send(findRequest('User', 'userName', talk.userName(talk.unique())))),
  },
  {
    id: 'filter-match',
    name: 'filter by userName',
    area,
    category: 'mandatory',
    source: 'wire 4.1, 10.2',
    covers: ['hosted 3', 'gallery 1'],
    seen: ['https://github.com/Metatavu/keycloak-scim-server/issues/74'],
    entra: 'does not find the account and creates it again in every cycle',
    fix: 'find the user by userName eq "…" and return it with its id in a ListResponse',
    run: withUser(usual, (talk, user) => judgeHit(talk, user, 'userName', talk.userName(user.name))),
  },
  {
    id: 'filter-exact',
    explains: ({ id }) => /^rename-user-/.test(id),
    name: 'filter by userName finds nobody else',
    area,
    category: 'mandatory',
    source: 'wire 4.1, 4.2',
    entra: 'takes over the account of somebody else, or fails the user with DuplicateTargetEntries',
    fix: 'compare the whole userName, and nothing but userName: eq is no contains, and _ and % stand for themselves',
    run: async (talk) => {
      const sought = talk.userName(`${talk.unique()}_a`);
      // First, because an endpoint that answers with one resource takes the oldest.
      for (const userName of similarNames(sought)) await makeUser(talk, () => ({ userName }));
      if (talk.survey.kept.has(WORK_MAIL)) await makeUser(talk, () => ({ [WORK_MAIL]: sought }));
      const user = await makeUser(talk, () => ({ userName: sought }));
      return 'kind' in user ? user : judgeHit(talk, user, 'userName', sought);
    },
  },
  {
    id: 'filter-case',
    name: 'filter by userName in another case',
    area,
    category: 'mandatory',
    source: 'wire 4.2, 10.2',
    covers: ['hosted 5'],
    seen: ['https://github.com/jelhub/scimgateway/issues/89'],
    entra: 'does not find an account whose name is spelt in another case, and creates a second one',
    fix: 'compare userName without regard to case: RFC 7643 defines it with caseExact false',
    run: withUser(usual, (talk, user) => judgeHit(talk, user, 'userName', talk.userName(user.name).toUpperCase())),
  },
  {
    id: 'filter-external-id',
    name: 'filter by externalId',
    area,
    category: 'recommended',
    source: 'wire 4.1, 10.1',
    seen: ['https://github.com/OctopusDeploy/Issues/issues/9841'],
    unusual: true,
    entra: 'fails every user as soon as an administrator matches on externalId',
    fix: 'make externalId filterable with eq',
    uses: ['externalId'],
    run: withUser(usual, (talk, user) => judgeHit(talk, user, 'externalId', user.name)),
  },
  {
    id: 'filter-mail',
    name: 'filter by work mail address',
    area,
    category: 'recommended',
    source: 'wire 1.5, 10.1',
    unusual: true,
    entra: 'fails every user as soon as an administrator matches on the mail address',
    fix: 'accept emails[type eq "work"].value eq "…", which is outside the RFC grammar but what Entra sends',
    uses: [WORK_MAIL],
    run: withUser(usual, (talk, user) => judgeHit(talk, user, WORK_MAIL, talk.userName(user.name))),
  },
  {
    id: 'filter-and',
    name: 'filter with two terms joined by and',
    area,
    category: 'recommended',
    source: 'wire 1.5, 4.4',
    unusual: true,
    entra: 'cannot ask whether a reference is set already (older jobs do)',
    fix: 'accept attribute eq "…" and attribute eq "…"',
    run: withUser(usual, async (talk, user) => {
      const filter = `id eq ${JSON.stringify(user.id)} and userName eq ${JSON.stringify(talk.userName(user.name))}`;
      const path = `/Users?attributes=id&filter=${encodeQuery(filter)}`;
      return hitVerdict(await talk.send({ method: 'GET', path }), user.id);
    }),
  },
  {
    id: 'filter-special-characters',
    name: "filter for a name with + and '",
    area,
    category: 'recommended',
    source: 'wire 1.5',
    entra: 'never finds these people again, and fails to create them a second time',
    fix: 'decode the query as a form: %2b is +, %27 is an apostrophe, + is a blank',
    run: withUser(
      (name, talk) => ({ userName: talk.userName(`o'neil+${name}`) }),
      (talk, user) => judgeHit(talk, user, 'userName', talk.userName(`o'neil+${user.name}`)),
    ),
  },
  {
    id: 'read-by-id',
    name: 'read a user by id',
    area,
    category: 'mandatory',
    source: 'wire 4.3, 6.1',
    covers: ['hosted 1'],
    entra: 'cannot compare before an update; the user fails with InvalidAnchor',
    fix: 'answer GET /Users/{id} with 200 and the whole resource, its id included',
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send(getRequest('User', user.id));
      if (!isSuccess(exchange)) return refused(exchange);
      if (asResource(exchange.body) === undefined) return unmet('is no JSON resource', exchange);
      const id = idOf(exchange.body);
      return id === user.id
        ? met
        : unmet(id === undefined ? 'comes without "id"' : `has another id, "${id}"`, exchange);
    }),
  },
  {
    id: 'read-unknown',
    name: 'read a user that does not exist',
    area,
    category: 'mandatory',
    source: 'wire 4.3, 9.1',
    entra: 'takes a deleted account for a living one',
    fix: 'answer 404 to GET /Users/{id} when there is no such user',
    explains: ({ id }) => /^delete-(user|group)$/.test(id),
    run: withUser(usual, async (talk, user) =>
      statusVerdict(await talk.send(getRequest('User', unknownId(talk, user))), 404),
    ),
  },
];
