/** Paging and load: wanted for a listing in the gallery (scim-wire.md 10.1, 10.3). */
import type { ResourceType } from '../../model/scim-message.ts';
import { readListResponse } from '../../scim/list-response.ts';
import { findRequest } from '../../scim/request.ts';
import { type ConformanceCheck, met, unmet, type Verdict } from '../check.ts';
import { asResource, type Conversation, idOf } from '../conversation.ts';
import { makeGroup, makeUser, usual } from '../given.ts';
import { isSuccess, refused } from '../judge.ts';
import { answered } from '../reaction.ts';

const shared = { area: 'lists and load', category: 'recommended' } as const;
const PAGE = 5;
/** The gallery suite wants at least eleven. */
const ENOUGH = 11;
/** Requests a second that an endpoint must take from one tenant. */
const PACE = 25;

export const listChecks: readonly ConformanceCheck[] = [
  ...(['User', 'Group'] as const).map(
    (type): ConformanceCheck => ({
      ...shared,
      id: type === 'User' ? 'page-users' : 'page-groups',
      name: type === 'User' ? 'users in pages' : 'groups in pages',
      source: 'wire 10.1, 10.3',
      covers: [type === 'User' ? 'gallery 23' : 'gallery 24'],
      groups: type === 'Group',
      unusual: true,
      entra: 'does not page while it provisions; the gallery suite does',
      fix: 'honour startIndex and count, echo startIndex, and keep the order from page to page',
      run: async (talk) => {
        for (let count = 0; count < ENOUGH; count += 1) {
          const made = await (type === 'User' ? makeUser(talk, usual) : makeGroup(talk));
          if ('kind' in made) return made;
        }
        return pagesVerdict(talk, type);
      },
    }),
  ),
  {
    ...shared,
    id: 'pace',
    name: `${PACE} requests at once`,
    source: 'wire 9.3, 10.1',
    seen: [
      'https://learn.microsoft.com/en-us/answers/questions/1922038/rate-of-scim-and-azure-active-directory-synchroniz',
    ],
    entra: 'counts every 429 as a failure; too many put the job into quarantine',
    fix: `take ${PACE} requests a second from one tenant; where you must refuse, answer 429 with Retry-After`,
    run: async (talk) => {
      const ask = () => talk.send(findRequest('User', 'userName', talk.unique()));
      const answers = await Promise.all(Array.from({ length: PACE }, ask));
      const bad = answers.filter(({ status }) => status === 0 || status === 429 || status >= 500);
      const [first] = bad;
      return first === undefined
        ? met
        : unmet(`not answered well: ${bad.length} of ${PACE}; the first ${answered(first)}`, first);
    },
  },
];

async function pagesVerdict(talk: Conversation, type: ResourceType): Promise<Verdict> {
  const seen = new Set<string>();
  for (let start = 1; start <= PAGE * 2 + 1; start += PAGE) {
    const exchange = await talk.send({ method: 'GET', path: `/${type}s?startIndex=${start}&count=${PAGE}` });
    if (!isSuccess(exchange)) return refused(exchange);
    const list = readListResponse(exchange.body);
    if (list === undefined) return unmet('is no ListResponse', exchange);
    const { resources, totalResults } = list;
    if (totalResults < ENOUGH)
      return unmet(`totalResults is ${totalResults}, but there are at least ${ENOUGH}`, exchange);
    const wanted = Math.min(PAGE, totalResults - start + 1);
    if (resources.length !== wanted)
      return unmet(`a page of ${PAGE} from ${start} on has ${resources.length} resources`, exchange);
    const echoed = asResource(exchange.body)?.startIndex;
    if (Number(echoed) !== start)
      return unmet(`startIndex is ${JSON.stringify(echoed ?? null)}, not ${start}`, exchange);
    const ids = resources.map((resource) => idOf(resource) ?? '');
    if (ids.some((id) => seen.has(id))) return unmet('a resource of an earlier page comes again', exchange);
    for (const id of ids) seen.add(id);
  }
  return met;
}
