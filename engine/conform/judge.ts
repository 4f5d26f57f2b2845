/** Answers against expectations: each function says what is wrong, or that nothing is. */
import type { JsonValue, ResourceType, ScimResource } from '../model/scim-message.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { sameValue } from '../scim/compare-values.ts';
import { readListResponse } from '../scim/list-response.ts';
import { findRequest, getRequest } from '../scim/request.ts';
import { asBodyValue } from '../scim/write-path.ts';
import { met, unmet, type Verdict } from './check.ts';
import { asResource, type Conversation, type Exchange, idOf } from './conversation.ts';
import { answered, reactionTo } from './reaction.ts';
import type { Values } from './values.ts';

export function isSuccess({ status }: Exchange): boolean {
  return status >= 200 && status < 300;
}

/** The verdict on an answer that should have been a success. */
export function refused(exchange: Exchange): Verdict {
  return unmet(answered(exchange), exchange, { entra: reactionTo(exchange) });
}

/** After a write that should have changed the resource: what a GET shows. Values of null are to be gone. */
export async function judgeChange(
  talk: Conversation,
  change: Exchange,
  resource: { readonly type: ResourceType; readonly id: string },
  wanted: Values,
): Promise<Verdict> {
  if (!isSuccess(change)) return refused(change);
  const back = await talk.send(getRequest(resource.type, resource.id));
  if (!isSuccess(back)) return unmet(`${answered(change)}, and reading it back ${answered(back)}`, back);
  const wrong = differences(asResource(back.body) ?? {}, wanted);
  return wrong.length === 0 ? met : unmet(`answered ${change.status}, ${wrong.join(', ')}`, change);
}

/** `title is still "Analyst"`, one for each wanted value that the resource does not hold. */
export function differences(resource: ScimResource, wanted: Values): readonly string[] {
  return Object.entries(wanted).flatMap(([path, value]) => {
    const current = readPath(resource, parseAttributePath(path));
    if (value === null || value === '') return current === undefined ? [] : [`${path} is still ${shown(current)}`];
    // Boolean or not: where "False" is kept as text, a program that asks whether the user is active hears yes.
    const isText = typeof current === 'string' && typeof asBodyValue(parseAttributePath(path), value) === 'boolean';
    if (isText) return [`${path} is the text ${shown(current)}, not a boolean`];
    if (current !== undefined && sameValue(current, value)) return [];
    return [`${path} is ${current === undefined ? 'missing' : shown(current)}, not ${shown(value)}`];
  });
}

/** A filter that should find exactly this resource. */
export async function judgeHit(
  talk: Conversation,
  resource: { readonly type: ResourceType; readonly id: string },
  path: string,
  value: string,
): Promise<Verdict> {
  const exchange = await talk.send(findRequest(resource.type, path, value));
  return hitVerdict(exchange, resource.id);
}

/** Names that are not `name`, though a server that does not compare the whole of it, or takes _ for any letter, finds them too. */
export function similarNames(name: string): readonly string[] {
  return [`x${name}`, `${name}x`, name.replaceAll('_', '-')];
}

/** The verdict on a list that should hold this resource alone. */
export function hitVerdict(exchange: Exchange, id: string): Verdict {
  if (!isSuccess(exchange)) return refused(exchange);
  const list = readListResponse(exchange.body);
  if (list === undefined) return unmet(`answered ${exchange.status} with something that is no ListResponse`, exchange);
  const ids = list.resources.map(idOf);
  if (ids.length === 1 && ids[0] === id) return met;
  if (ids.length === 1 && ids[0] === undefined) return unmet('the resource in the list has no "id"', exchange);
  if (ids.length === 1) return unmet('found another resource', exchange);
  return unmet(ids.length === 0 ? 'did not find it' : `found ${ids.length} resources instead of one`, exchange);
}

/** The verdict on a list that should be empty. */
export function emptyVerdict(exchange: Exchange): Verdict {
  if (!isSuccess(exchange)) return refused(exchange);
  const list = readListResponse(exchange.body);
  if (list === undefined) return unmet(`answered ${exchange.status} with something that is no ListResponse`, exchange);
  const count = Math.max(list.totalResults, list.resources.length);
  return count === 0
    ? met
    : unmet(`found resources (${count}) for a value that nothing has: the filter is ignored`, exchange);
}

/** A create answered with something else than what was sent: the id is all that Entra needs, where the rest is only left out. */
export function echoed(exchange: Exchange, name: string, wrong: readonly string[]): Verdict {
  const found = `answered ${exchange.status}, but ${wrong.join(', ')}`;
  const leftOut = asResource(exchange.body)?.[name] === undefined;
  return unmet(
    found,
    exchange,
    leftOut ? { entra: 'needs no more than the id; the gallery suite does', tolerable: true } : {},
  );
}

/** After a DELETE that was answered with success: whether a GET and a filter say that it is gone. */
export async function judgeGone(
  talk: Conversation,
  gone: Exchange,
  resource: { readonly type: ResourceType; readonly id: string },
  path: string,
  value: string,
): Promise<Verdict> {
  const what = resource.type.toLowerCase();
  const back = await talk.send(getRequest(resource.type, resource.id));
  if (back.status !== 404) return unmet(`answered ${gone.status}, and a GET of the ${what} ${answered(back)}`, gone);
  const found = readListResponse((await talk.send(findRequest(resource.type, path, value))).body)?.resources ?? [];
  if (!found.some((one) => idOf(one) === resource.id)) return met;
  const entra = `finds the ${what} again when somebody of that name comes back, and fails with InvalidAnchor`;
  return unmet(`answered ${gone.status}, and a filter still finds the ${what}`, gone, { entra });
}

/** The verdict on a request that should be answered with this status. */
export function statusVerdict(exchange: Exchange, wanted: number): Verdict {
  return exchange.status === wanted ? met : unmet(answered(exchange, wanted), exchange);
}

/** Ids of the members in a group's representation; undefined when it could not be read. */
export function membersIn(exchange: Exchange): readonly string[] | undefined {
  const resource = asResource(exchange.body);
  if (!isSuccess(exchange) || resource === undefined) return undefined;
  const { members } = resource;
  if (!Array.isArray(members)) return [];
  return members.map((member: JsonValue) => String(asResource(member)?.value ?? member));
}

/** A value as it stands in a sentence. */
function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
