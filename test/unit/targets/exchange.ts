/** Sends SCIM requests to a fetch handler in tests and reads the answers. */
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { type TargetOptions, targetProfiles } from '../../../fixtures/targets/index.ts';
import type { FetchHandler } from '../../../fixtures/targets/target-app.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const NOW = '2026-01-01T00:00:00.000Z';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: ScimResource };

/** A client of the handler: `send('GET', '/Users')`, below `http://app.test/scim`. */
export function clientOf(
  app: { readonly handle: FetchHandler },
  headers: Readonly<Record<string, string>> = {},
  basePath = '/scim',
) {
  return async (method: string, path: string, body?: JsonValue): Promise<Answer> => {
    const response = await app.handle(
      new Request(`http://app.test${basePath}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}

/** A client of the control surface: `control('PATCH', '/settings', …)`. A text goes out as it is. */
export function controlOf(target: { readonly handle: FetchHandler }) {
  return async (method: string, path: string, body?: JsonValue) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`http://app.test/_sim${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
    });
    const response = await target.handle(request);
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) };
  };
}

export const TOKEN = 'tok-1';
export const HEADERS = { authorization: `Bearer ${TOKEN}`, 'user-agent': 'test' } as const;

/** A simulated application by its profile, with clients of its SCIM address and of its control surface. */
export function openProfile(profile: string, options: TargetOptions = { token: TOKEN }) {
  const app = targetProfiles[profile]?.create({ now: () => NOW, ...options });
  if (app === undefined) throw new Error(`no profile ${profile}`);
  const target = withControlSurface(app, { sleep: async () => undefined });
  return {
    app,
    target,
    send: clientOf(target, HEADERS, app.basePath),
    sendAt: (basePath: string) => clientOf(target, HEADERS, basePath),
    control: controlOf(target),
  };
}

/** The id in an answer, as a path needs it. */
export function idOf({ body }: Answer): string {
  const { id } = body;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : '';
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
