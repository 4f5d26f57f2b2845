/** Lists that are asked of the target as a whole, for no object: what fails them concerns the job. */
import { EngineError } from '../model/engine-error.ts';
import type { ScimRequest, ScimResponse } from '../model/scim-message.ts';
import type { ListResponse } from '../scim/list-response.ts';
import { asJobError, listOf } from './read-answer.ts';

/** @param notFound what a 404 means, as a remedy. @throws EngineError `job` or `transient` */
export async function listResources(
  request: ScimRequest,
  read: (request: ScimRequest) => Promise<ScimResponse>,
  notFound: string,
): Promise<ListResponse> {
  try {
    return listOf(request, await read(request), 'query');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.status === 404) throw asJobError(error, { remedy: notFound });
    throw error.category === 'object' ? asJobError(error) : error;
  }
}
