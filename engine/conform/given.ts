/** What a check needs to be there first. When that cannot be made, the check is not judged: another one names the cause. */
import type { ResourceType } from '../model/scim-message.ts';
import { memberOperations } from '../scim/patch.ts';
import { createRequest, getRequest, patchRequest } from '../scim/request.ts';
import { unjudged, unmet, type Verdict } from './check.ts';
import { type Conversation, type Exchange, idOf } from './conversation.ts';
import { membersIn } from './judge.ts';
import { answered, reactionTo } from './reaction.ts';
import { bodyOf, only, userValues, type Values } from './values.ts';

export type Made = {
  readonly type: ResourceType;
  readonly id: string;
  /** The unique name in it. */
  readonly name: string;
  readonly values: Values;
  /** The create. */
  readonly exchange: Exchange;
};

/** Why nothing can be done with what was created. */
export const NO_ID = 'what is created comes back without "id"';

type Run = (talk: Conversation) => Promise<Verdict>;

/** A user with these values over the usual ones; a value of null leaves the attribute out. */
export type Given = (name: string, talk: Conversation) => Values;

/** A check on a user of its own. */
export function withUser(given: Given, run: (talk: Conversation, user: Made) => Promise<Verdict>): Run {
  return async (talk) => {
    const user = await makeUser(talk, given);
    return 'kind' in user ? user : run(talk, user);
  };
}

/** A check on a group and so many users, who are its members already when `members` says so. */
export function withGroup(
  given: { readonly users?: number; readonly members?: boolean },
  run: (talk: Conversation, group: Made, users: readonly Made[]) => Promise<Verdict>,
): Run {
  return async (talk) => {
    const users: Made[] = [];
    for (let count = 0; count < (given.users ?? 0); count += 1) {
      const user = await makeUser(talk, usual);
      if ('kind' in user) return user;
      users.push(user);
    }
    const group = await makeGroup(talk);
    if ('kind' in group) return group;
    if (given.members === true) {
      const refusal = await join(talk, group, users);
      if (refusal !== undefined) return refusal;
    }
    return run(talk, group, users);
  };
}

/** Nothing beside the usual values. */
export const usual: Given = () => ({});

export async function makeUser(talk: Conversation, given: Given): Promise<Made | Verdict> {
  if (talk.survey.broken !== undefined) return unjudged(talk.survey.broken);
  const name = talk.unique();
  const values = { ...only(userValues(talk, name), talk.survey.kept), ...given(name, talk) };
  return made(talk, 'User', name, values);
}

export async function makeGroup(talk: Conversation, name = talk.unique()): Promise<Made | Verdict> {
  return made(talk, 'Group', name, { displayName: name, externalId: name });
}

async function made(talk: Conversation, type: ResourceType, name: string, values: Values): Promise<Made | Verdict> {
  const exchange = await talk.send(createRequest(type, bodyOf(type, values)));
  const id = exchange.status < 300 ? idOf(exchange.body) : undefined;
  if (id !== undefined) return { type, id, name, values, exchange };
  const what = type === 'User' ? 'user' : 'group';
  const why = exchange.status > 0 && exchange.status < 300 ? NO_ID : `creating a ${what} ${answered(exchange)}`;
  // The survey created such a user: this one met an endpoint that fails now and then.
  const wavers = type === 'User' && (why === NO_ID || exchange.status >= 500);
  return wavers ? unmet(why, exchange, { entra: reactionTo(exchange) }) : unjudged(why);
}

/** An id that nothing has, in the form of the endpoint's own: one of another form may be refused as malformed, and Entra has none such. */
export function unknownId(talk: Pick<Conversation, 'unique'>, { id }: Made): string {
  if (/^\d+$/.test(id)) return '2147483000';
  if (!/^[\da-f-]{24,}$/i.test(id)) return talk.unique();
  const other = (digit: string) => (15 - Number.parseInt(digit, 16)).toString(16);
  return id.slice(0, -8) + id.slice(-8).replace(/[\da-f]/gi, other);
}

/** Members in whichever dialect the endpoint takes. */
async function join(talk: Conversation, group: Made, users: readonly Made[]): Promise<Verdict | undefined> {
  const added = users.map(({ id }) => id);
  let last = group.exchange;
  for (const mode of [talk.patchMode, talk.patchMode === 'legacy' ? 'aadOptscim062020' : 'legacy'] as const) {
    const [operations = []] = memberOperations({ mode, added, removed: [], batchSize: added.length });
    last = await talk.send(patchRequest('Group', group.id, operations));
    if (last.status >= 200 && last.status < 300 && (await hasMembers(talk, group, added))) return undefined;
  }
  return unjudged(`adding members ${answered(last)}, and not all are in the group`);
}

async function hasMembers(talk: Conversation, group: Made, ids: readonly string[]): Promise<boolean> {
  const members = membersIn(await talk.send(getRequest('Group', group.id, { members: true }))) ?? [];
  return ids.every((id) => members.includes(id));
}
