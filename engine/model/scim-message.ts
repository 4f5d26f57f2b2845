/** SCIM as plain data: what goes out and what comes back, without a network. */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A resource as JSON, exactly as the target returned it. */
export type ScimResource = { readonly [key: string]: JsonValue };

export type ResourceType = 'User' | 'Group';

/** One request as it goes out. Preview prints it, apply sends it, neither changes it. */
export type ScimRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path and query under the SCIM base, ready encoded: `/Users?filter=userName+eq+%22ada%22`. */
  readonly path: string;
  readonly body?: JsonValue;
};

export type ScimResponse = {
  readonly status: number;
  /** Parsed JSON body; undefined when the body was empty. */
  readonly body?: JsonValue;
};

/** `legacy`: Entra's default dialect. `aadOptscim062020`: the tenant URL carries that flag (scim-wire.md 6.4). */
export type PatchMode = 'legacy' | 'aadOptscim062020';

export type PatchOperation = { readonly op: string; readonly path?: string; readonly value?: JsonValue };
