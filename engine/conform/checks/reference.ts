/** What Microsoft's reference tests ask of a server besides: PUT, members removed all at once, other filters (scim-wire.md 10.4). */
import { readListResponse } from '../../scim/list-response.ts';
import { encodeQuery, getRequest, patchRequest, putRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet } from '../check.ts';
import { asResource, idOf } from '../conversation.ts';
import { makeUser, usual, withGroup, withUser } from '../given.ts';
import { hitVerdict, isSuccess, judgeChange, membersIn, refused } from '../judge.ts';
import { answered } from '../reaction.ts';
import { bodyOf } from '../values.ts';

const shared = { category: 'recommended', source: 'wire 10.4', unusual: true } as const;
const BY_PUT = 'updates with PATCH; the SCIM 1.1 job and clients of Okta send whole resources';
const OTHER_FILTERS = 'filters with eq alone; other clients and administrators use these';

/** A filter of users as a request. */
function usersWhere(filter: string): { readonly method: 'GET'; readonly path: string } {
  return { method: 'GET', path: `/Users?filter=${encodeQuery(filter)}` };
}

/** Finds the user of the check by a filter made of its name. */
function foundBy(filter: (user: { readonly name: string; readonly userName: string }) => string) {
  return withUser(usual, async (talk, user) => {
    const userName = talk.userName(user.name);
    return hitVerdict(await talk.send(usersWhere(filter({ name: user.name, userName }))), user.id);
  });
}

export const referenceChecks: readonly ConformanceCheck[] = [
  {
    ...shared,
    id: 'put-user',
    name: 'replace a user as a whole',
    area: 'updating users',
    entra: BY_PUT,
    fix: 'take PUT /Users/{id} with the whole resource, and set what the body says',
    uses: ['title'],
    run: withUser(usual, async (talk, user) => {
      const body = { ...asResource(bodyOf('User', { ...user.values, title: 'Lead' })), id: user.id };
      const change = await talk.send(putRequest('User', user.id, body));
      return judgeChange(talk, change, user, { ...user.values, title: 'Lead' });
    }),
  },
  {
    ...shared,
    id: 'put-group',
    name: 'replace a group as a whole',
    area: 'groups',
    groups: true,
    entra: BY_PUT,
    fix: 'take PUT /Groups/{id}, the members of the body included',
    run: withGroup({ users: 2, members: true }, async (talk, group, [stays, ...leave]) => {
      const displayName = `${group.name} by PUT`;
      const members = stays === undefined ? [] : [{ value: stays.id }];
      const body = { ...asResource(bodyOf('Group', { ...group.values, displayName })), id: group.id, members };
      const change = await talk.send(putRequest('Group', group.id, body));
      const verdict = await judgeChange(talk, change, group, { displayName });
      if (verdict.kind !== 'met') return verdict;
      const found = membersIn(await talk.send(getRequest('Group', group.id, { members: true }))) ?? [];
      const extra = leave.filter(({ id }) => found.includes(id)).length;
      if (extra > 0) return unmet(`answered ${change.status}, still in the group: ${extra} left out of it`, change);
      return stays === undefined || found.includes(stays.id)
        ? met
        : unmet(`answered ${change.status}, and the member in it is not in the group`, change);
    }),
  },
  {
    ...shared,
    id: 'remove-all-members',
    name: 'remove all members at once',
    area: 'members',
    groups: true,
    entra: 'names everybody who leaves; other clients empty a group this way',
    fix: 'let a remove with the path members and without value empty the group',
    run: withGroup({ users: 2, members: true }, async (talk, group) => {
      const change = await talk.send(patchRequest('Group', group.id, [{ op: 'remove', path: 'members' }]));
      if (!isSuccess(change)) return refused(change);
      const left = membersIn(await talk.send(getRequest('Group', group.id, { members: true })))?.length ?? 0;
      return left === 0 ? met : unmet(`answered ${change.status}, still in the group: ${left}`, change);
    }),
  },
  {
    ...shared,
    id: 'chosen-attributes',
    name: 'only the attributes asked for',
    area: 'lists and load',
    entra: 'asks for ids alone where it looks for references',
    fix: 'honour attributes=: answer with these, the id, and nothing else',
    uses: ['displayName'],
    run: withUser(usual, async (talk, user) => {
      const exchange = await talk.send({
        method: 'GET',
        path: `/Users/${encodeURIComponent(user.id)}?attributes=userName`,
      });
      if (!isSuccess(exchange)) return unmet(answered(exchange), exchange);
      const resource = asResource(exchange.body) ?? {};
      if (resource.userName === undefined || idOf(resource) === undefined)
        return unmet(resource.userName === undefined ? 'comes without userName' : 'comes without "id"', exchange);
      return resource.displayName === undefined ? met : unmet('comes with displayName all the same', exchange);
    }),
  },
  {
    ...shared,
    id: 'filter-contains',
    name: 'filter with co',
    area: 'matching',
    entra: OTHER_FILTERS,
    fix: 'support co: the value is somewhere in the attribute',
    run: foundBy(({ name }) => `userName co ${JSON.stringify(name)}`),
  },
  {
    ...shared,
    id: 'filter-starts-with',
    name: 'filter with sw',
    area: 'matching',
    entra: OTHER_FILTERS,
    fix: 'support sw: the attribute begins with the value',
    run: foundBy(({ name }) => `userName sw ${JSON.stringify(`${name}@`)}`),
  },
  {
    ...shared,
    id: 'filter-greater-than',
    name: 'filter with gt by the time of the last change',
    area: 'matching',
    entra: OTHER_FILTERS,
    fix: 'support gt for meta.lastModified',
    run: withUser(usual, async (talk, user) => {
      const since = (time: string) => {
        const name = JSON.stringify(talk.userName(user.name));
        return talk.send(usersWhere(`userName eq ${name} and meta.lastModified gt "${time}"`));
      };
      const late = await since('2999-01-01T00:00:00Z');
      const verdict = hitVerdict(await since('2000-01-01T00:00:00Z'), user.id);
      if (verdict.kind !== 'met' || !isSuccess(late)) return verdict;
      const count = readListResponse(late.body)?.resources.length ?? 0;
      return count === 0 ? met : unmet('finds the user for a time in the future as well', late);
    }),
  },
  {
    ...shared,
    id: 'filter-groups',
    name: 'filter with parentheses',
    area: 'matching',
    entra: OTHER_FILTERS,
    fix: 'support and, or, and parentheses, which bind closer',
    run: withUser(usual, async (talk, user) => {
      const other = await makeUser(talk, usual);
      if ('kind' in other) return other;
      const named = [user, other].map(({ name }) => `userName eq ${JSON.stringify(talk.userName(name))}`);
      const filter = `(${named.join(' or ')}) and userName sw ${JSON.stringify(`${user.name}@`)}`;
      return hitVerdict(await talk.send(usersWhere(filter)), user.id);
    }),
  },
];
