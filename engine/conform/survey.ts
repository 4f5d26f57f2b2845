/** What the endpoint keeps and offers, found out before the checks, so that none fails for an attribute the endpoint never had. */
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import { parseAttributePath, pathKey, readPath } from '../scim/attribute-path.ts';
import { sameValue } from '../scim/compare-values.ts';
import { ENTERPRISE_URN } from '../scim/create-body.ts';
import { readListResponse } from '../scim/list-response.ts';
import { createRequest, findRequest, getRequest } from '../scim/request.ts';
import { schemaPaths } from '../scim/schema-paths.ts';
import { asResource, type Conversation, idOf, type Survey } from './conversation.ts';
import { NO_ID } from './given.ts';
import { bodyOf, CORE_PATHS, MANAGER, only, userValues, type Values } from './values.ts';

/** Creates a user, with less where the endpoint refuses more, and sees what it gives back. */
export async function surveyEndpoint(talk: Pick<Conversation, 'userName' | 'unique' | 'send'>): Promise<Survey> {
  const offers = { groups: await offersGroups(talk), managers: await offersManagers(talk) };
  let refusal = '';
  for (const paths of [undefined, CORE_PATHS, ['userName']]) {
    const all = userValues(talk, talk.unique());
    const values = paths === undefined ? all : only(all, new Set(paths));
    const made = await talk.send(createRequest('User', bodyOf('User', values)));
    if (made.status < 200 || made.status >= 300) {
      refusal ||= `creating a user was answered with ${made.status}`;
      continue;
    }
    const id = idOf(made.body);
    if (id === undefined) return { kept: new Set(), ...offers, broken: NO_ID };
    const back = await talk.send(getRequest('User', id));
    const resource = asResource(back.body) ?? asResource(made.body) ?? {};
    return { kept: keptPaths(resource, values), ...offers };
  }
  return { kept: new Set(), ...offers, broken: refusal };
}

/** A missing endpoint refuses the bare list too; one that only answers 404 to "no match" does not (scim-wire.md 2). */
async function offersGroups(talk: Pick<Conversation, 'unique' | 'send'>): Promise<boolean> {
  const found = await talk.send(findRequest('Group', 'displayName', talk.unique()));
  if (readListResponse(found.body) !== undefined && found.status === 200) return true;
  const all = await talk.send({ method: 'GET', path: '/Groups?startIndex=1&count=1' });
  return all.status === 200 && readListResponse(all.body) !== undefined;
}

/** A create leaves the manager out, so only the schema tells one that is dropped from one that cannot be set. */
async function offersManagers(talk: Pick<Conversation, 'send'>): Promise<boolean> {
  const { body } = await talk.send({ method: 'GET', path: '/Schemas' });
  const schemas = schemaPaths(readListResponse(body)?.resources ?? []);
  const enterprise = [...schemas].find(([id]) => id.toLowerCase() === ENTERPRISE_URN.toLowerCase())?.[1] ?? [];
  return enterprise.length === 0 || enterprise.some(({ path }) => pathKey(path) === pathKey(MANAGER));
}

function keptPaths(resource: ScimResource, values: Values): ReadonlySet<string> {
  const same = ([path, value]: readonly [string, JsonValue]) => {
    const current = readPath(resource, parseAttributePath(path));
    return current !== undefined && sameValue(current, value, { ignoreCase: true });
  };
  // What the checks of "creating users" judge is not doubted here.
  return new Set([
    'userName',
    'active',
    ...Object.entries(values)
      .filter(same)
      .map(([path]) => path),
  ]);
}
