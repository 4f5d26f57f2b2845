/** Groups without their members (scim-wire.md 8.1, 8.2, 8.5). */
import type { ResourceType } from '../../model/scim-message.ts';
import { readListResponse } from '../../scim/list-response.ts';
import { createRequest, deleteRequest, findRequest, getRequest, patchRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unjudged, unmet } from '../check.ts';
import { asResource, idOf } from '../conversation.ts';
import { inBothDialects, judgeUpdate } from '../dialect.ts';
import { makeGroup, unknownId, withGroup } from '../given.ts';
import {
  differences,
  echoed,
  emptyVerdict,
  isSuccess,
  judgeChange,
  judgeGone,
  judgeHit,
  refused,
  similarNames,
  statusVerdict,
} from '../judge.ts';
import { answered } from '../reaction.ts';
import { bodyOf } from '../values.ts';

const shared = { area: 'groups', category: 'mandatory', groups: true } as const;
const GROUP: ResourceType = 'Group';
const LARGE = 'reads every member of every group it looks at; with large groups the answers become too long';

export const groupChecks: readonly ConformanceCheck[] = [
  {
    area: 'groups',
    id: 'group-endpoint',
    name: 'a group endpoint',
    category: 'recommended',
    source: 'wire 2, 10.1',
    covers: ['gallery 8'],
    seen: ['https://github.com/grokability/snipe-it/issues/11913'],
    entra: 'puts the job into quarantine although users work, unless the group mapping is switched off',
    fix: 'offer /Groups, or tell administrators to disable the mapping of groups',
    run: async (talk) => {
      const exchange = await talk.send(findRequest(GROUP, 'displayName', talk.unique()));
      if (talk.survey.groups) return met;
      return unmet(
        `${answered(exchange)}${isSuccess(exchange) ? ' with something that is no ListResponse' : ''}`,
        exchange,
      );
    },
  },
  {
    ...shared,
    id: 'group-filter-no-match',
    name: 'filter for a group that does not exist',
    source: 'wire 2, 4.2',
    covers: ['hosted 16'],
    entra: 'stops the cycle, or takes the wrong group for a match',
    fix: 'apply the filter; when nothing matches, answer 200 with an empty list, never 404',
    run: async (talk) => emptyVerdict(await talk.send(findRequest(GROUP, 'displayName', talk.unique()))),
  },
  {
    ...shared,
    id: 'create-group',
    name: 'create a group',
    source: 'wire 8.1',
    covers: ['hosted 18', 'gallery 8', 'gallery 13', 'gallery 19'],
    entra: 'cannot remember the group (ResourceWithoutIdentifier): it is created again and again',
    fix: 'answer POST /Groups with 201 and the resource, with its "id"; a group may have no members',
    run: async (talk) => {
      const name = talk.unique();
      const exchange = await talk.send(createRequest(GROUP, bodyOf(GROUP, { displayName: name, externalId: name })));
      if (!isSuccess(exchange)) return refused(exchange);
      if (idOf(exchange.body) === undefined) return unmet(`answered ${exchange.status} without "id"`, exchange);
      const wrong = differences(asResource(exchange.body) ?? {}, { displayName: name });
      if (wrong.length > 0) return echoed(exchange, 'displayName', wrong);
      return exchange.status === 201 ? met : unmet(answered(exchange, 201), exchange, { tolerable: true });
    },
  },
  {
    ...shared,
    id: 'create-group-twice',
    name: 'create a group twice',
    category: 'recommended',
    source: 'wire 8.1, 10.2',
    covers: ['hosted 19'],
    entra: 'fails both groups with DuplicateTargetEntries once there are two of one name',
    fix: 'answer 409 when the displayName is taken',
    run: withGroup({}, async (talk, group) => {
      const exchange = await talk.send(createRequest(GROUP, bodyOf(GROUP, group.values)));
      return exchange.status === 409 ? met : unmet(answered(exchange, 409), exchange);
    }),
  },
  {
    ...shared,
    id: 'group-filter-match',
    name: 'filter by displayName',
    source: 'wire 4.1',
    covers: ['hosted 14', 'hosted 15', 'gallery 8', 'gallery 14'],
    entra: 'does not find the group and creates it again in every cycle',
    fix: 'find the group by displayName eq "…"',
    run: withGroup({}, (talk, group) => judgeHit(talk, group, 'displayName', group.name)),
  },
  {
    ...shared,
    id: 'group-filter-exact',
    name: 'filter by displayName finds no other group',
    source: 'wire 4.1, 4.2',
    entra: 'takes another group for its own, or fails the group with DuplicateTargetEntries',
    fix: 'compare the whole displayName: eq is no contains, and _ and % stand for themselves',
    run: async (talk) => {
      const sought = `${talk.unique()}_a`;
      for (const name of similarNames(sought)) await makeGroup(talk, name);
      const group = await makeGroup(talk, sought);
      return 'kind' in group ? group : judgeHit(talk, group, 'displayName', sought);
    },
  },
  {
    ...shared,
    id: 'group-filter-case',
    name: 'filter by displayName in another case',
    source: 'wire 10.2',
    covers: ['hosted 17'],
    entra: 'does not find a group that is spelt in another case, and creates a second one',
    fix: 'compare displayName without regard to case',
    run: withGroup({}, (talk, group) => judgeHit(talk, group, 'displayName', group.name.toUpperCase())),
  },
  {
    ...shared,
    id: 'group-filter-external-id',
    name: 'filter groups by externalId',
    category: 'recommended',
    source: 'wire 4.1',
    unusual: true,
    entra: 'fails every group as soon as an administrator matches on externalId',
    fix: 'make externalId filterable with eq',
    run: withGroup({}, (talk, group) => judgeHit(talk, group, 'externalId', group.name)),
  },
  {
    ...shared,
    id: 'members-excluded',
    name: 'read a group without its members',
    source: 'wire 4.1, 10.1',
    covers: ['hosted 13'],
    entra: LARGE,
    fix: 'honour excludedAttributes=members',
    run: withGroup({ users: 1, members: true }, async (talk, group) => {
      const exchange = await talk.send(getRequest(GROUP, group.id));
      if (!isSuccess(exchange)) return refused(exchange);
      return hasMembers(asResource(exchange.body)) ? unmet('returned the members all the same', exchange) : met;
    }),
  },
  {
    ...shared,
    id: 'members-excluded-filter',
    name: 'find a group without its members',
    source: 'wire 4.1, 10.1',
    covers: ['hosted 14'],
    entra: LARGE,
    fix: 'honour excludedAttributes=members in lists too',
    run: withGroup({ users: 1, members: true }, async (talk, group) => {
      const exchange = await talk.send(findRequest(GROUP, 'displayName', group.name));
      if (!isSuccess(exchange)) return refused(exchange);
      const resources = readListResponse(exchange.body)?.resources ?? [];
      return resources.some(hasMembers) ? unmet('returned the members all the same', exchange) : met;
    }),
  },
  ...inBothDialects(
    {
      ...shared,
      id: 'rename-group',
      name: 'rename a group',
      source: 'wire 8.2',
      covers: ['hosted 21', 'gallery 9', 'gallery 20'],
      entra: 'believes the group has its new name',
      fix: 'accept PATCH of displayName, with operation names in any case; 204 or 200',
    },
    (mode) => withGroup({}, (talk, group) => judgeUpdate(talk, group, mode, { displayName: `Renamed ${group.name}` })),
  ),
  ...inBothDialects(
    {
      ...shared,
      id: 'replace-group-external-id',
      name: 'change the externalId of a group',
      category: 'recommended',
      source: 'wire 8.2',
      covers: ['hosted 21'],
      entra: 'believes the group has its new externalId',
      fix: 'accept PATCH of externalId',
    },
    (mode) => withGroup({}, (talk, group) => judgeUpdate(talk, group, mode, { externalId: `new-${group.name}` })),
  ),
  {
    ...shared,
    id: 'rename-group-without-path',
    name: 'rename a group by an operation without path',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted 20'],
    unusual: true,
    entra: 'sends this form where several attributes of a group change at once; the hosted validator always does',
    fix: 'accept replace without path whose value is an object',
    run: withGroup({}, async (talk, group) => {
      const displayName = `Renamed ${group.name}`;
      const change = await talk.send(patchRequest(GROUP, group.id, [{ op: 'replace', value: { displayName } }]));
      return judgeChange(talk, change, group, { displayName });
    }),
  },
  {
    ...shared,
    id: 'delete-group',
    name: 'delete a group',
    source: 'wire 8.5',
    covers: ['hosted 24', 'gallery 10', 'gallery 14'],
    entra: 'believes the group is gone and forgets it',
    fix: 'answer DELETE with 204, and any GET of the group after it with 404; let no filter find it',
    run: withGroup({}, async (talk, group) => {
      const gone = await talk.send(deleteRequest(GROUP, group.id));
      if (!isSuccess(gone)) return refused(gone);
      return judgeGone(talk, gone, group, 'displayName', group.name);
    }),
  },
  {
    ...shared,
    id: 'delete-group-twice',
    name: 'delete a group twice',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P6'],
    entra: 'takes 404 for success, anything else for a failure',
    fix: 'answer 404 to DELETE of a group that is gone',
    run: withGroup({}, async (talk, group) => {
      const first = await talk.send(deleteRequest(GROUP, group.id));
      if (!isSuccess(first)) return unjudged(`deleting a group ${answered(first)}`);
      const second = await talk.send(deleteRequest(GROUP, group.id));
      return second.status === 404 ? met : unmet(answered(second, 404), second);
    }),
  },
  {
    ...shared,
    id: 'delete-unknown-group',
    name: 'delete a group that never existed',
    category: 'recommended',
    source: 'wire 10.2',
    covers: ['hosted P5'],
    entra: 'takes 404 for success, anything else for a failure',
    fix: 'answer 404 to DELETE of an unknown id',
    run: withGroup({}, async (talk, group) =>
      statusVerdict(await talk.send(deleteRequest(GROUP, unknownId(talk, group))), 404),
    ),
  },
];

function hasMembers(resource: { readonly [key: string]: unknown } | undefined): boolean {
  const members = resource?.members;
  return Array.isArray(members) ? members.length > 0 : members !== undefined && members !== null;
}
