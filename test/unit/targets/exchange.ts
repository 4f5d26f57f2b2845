/** Sends SCIM requests to a fetch handler in tests and reads the answers. */
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import type { FetchHandler } from '../../../fixtures/targets/target-app.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const NOW = '2026-01-01T00:00:00.000Z';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: ScimResource };

/** A client of the handler: `send('GET', '/Users')`, below `http://app.test/scim`. */
export function clientOf(app: { readonly handle: FetchHandler }, headers: Readonly<Record<string, string>> = {}) {
  return async (method: string, path: string, body?: JsonValue): Promise<Answer> => {
    const response = await app.handle(
      new Request(`http://app.test/scim${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}

/** A user body with the core schema. */
export function user(attributes: ScimResource): ScimResource {
  return { schemas: [USER_URN], ...attributes };
}

/** A group body with the core schema. */
export function group(attributes: ScimResource): ScimResource {
  return { schemas: [GROUP_URN], ...attributes };
}

/** A PATCH body. */
export function patch(...operations: readonly ScimResource[]): ScimResource {
  return { schemas: [PATCH_URN], Operations: operations };
}
