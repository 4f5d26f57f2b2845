/** The verdict table of Test Connection (scim-wire.md 2, 11.2): what fails it concerns the whole job. */
import { EngineError } from '../model/engine-error.ts';
import type { ResourceType, ScimRequest, ScimResponse } from '../model/scim-message.ts';
import type { ListResponse } from '../scim/list-response.ts';
import { findRequest, pageRequest } from '../scim/request.ts';
import { asJobError, listOf } from './read-answer.ts';
import type { ScimWire } from './scim-wire.ts';

export type ConnectionTest = {
  readonly type: ResourceType;
  /** Attribute and value that nobody can have. */
  readonly path: string;
  readonly value: string;
  readonly client: ScimWire['client'];
  /** The right that the account behind the credentials needs, named when it is refused. */
  readonly adminRight: string | undefined;
};

const LEAD = 'Test Connection: ';

type Read = (request: ScimRequest) => Promise<ScimResponse>;

/** Nothing, when the target answers as it should. @throws EngineError `job` with the verdict */
export async function testConnection(test: ConnectionTest, read: Read): Promise<void> {
  if (test.client.testConnection === 'first-page') {
    // Okta's test of the credentials: the first users, the first groups.
    await readList(pageRequest(test.type, 1, test.type === 'User' ? 2 : 100), test, read);
    return;
  }
  const list = await readList(findRequest(test.type, test.path, test.value, test.client), test, read);
  if (list.listed === 0 && list.totalResults === 0) return;
  throw new EngineError(`${LEAD}the target found resources with a random ${test.path}`, {
    category: 'job',
    code: 'FilterIgnored',
    remedy: `the target must apply the filter ${test.path} eq "…" and answer with an empty list`,
  });
}

async function readList(request: ScimRequest, test: ConnectionTest, read: Read): Promise<ListResponse> {
  try {
    return listOf(request, await read(request), 'probe');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const remedy = remedyFor(error, test);
    if (error.category !== 'object' && remedy === undefined) throw error;
    const message = error.message.startsWith(LEAD) ? error.message : `${LEAD}${error.message}`;
    throw asJobError(error, { message, ...(remedy === undefined ? {} : { remedy }) });
  }
}

function remedyFor({ status, remedy }: EngineError, { type, adminRight }: ConnectionTest): string | undefined {
  if (status === 403 && adminRight !== undefined) return `the credentials must belong to ${adminRight}`;
  if (status !== 404 || type !== 'Group') return undefined;
  return `${remedy ?? ''} (or disable the group mapping, if the application has no groups)`;
}
