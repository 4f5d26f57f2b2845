/** Create, patch, delete, read and find → the exact request, path and query encoded as Microsoft's client does (scim-wire.md 1.4, 1.5). */
import type { JsonValue, PatchOperation, ResourceType, ScimRequest } from '../model/scim-message.ts';

const ENDPOINTS: Readonly<Record<ResourceType, string>> = { User: '/Users', Group: '/Groups' };
const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export function createRequest(type: ResourceType, body: JsonValue): ScimRequest {
  return { method: 'POST', path: ENDPOINTS[type], body };
}

export function patchRequest(type: ResourceType, id: string, operations: readonly PatchOperation[]): ScimRequest {
  return {
    method: 'PATCH',
    path: resourcePath(type, id),
    body: { schemas: [PATCH_URN], Operations: operations.map(orderedOperation) },
  };
}

export function deleteRequest(type: ResourceType, id: string): ScimRequest {
  return { method: 'DELETE', path: resourcePath(type, id) };
}

/** Groups are read without their members, unless somebody checks these: Entra never does (scim-wire.md 4.1, 8.3). */
export function getRequest(
  type: ResourceType,
  id: string,
  { members = false }: { readonly members?: boolean } = {},
): ScimRequest {
  const query = type === 'Group' && !members ? '?excludedAttributes=members' : '';
  return { method: 'GET', path: `${resourcePath(type, id)}${query}` };
}

/** The matching query `path eq "value"`. */
export function findRequest(type: ResourceType, path: string, value: string): ScimRequest {
  const excluded = type === 'Group' ? 'excludedAttributes=members&' : '';
  return { method: 'GET', path: `${ENDPOINTS[type]}?${excluded}filter=${encodeQuery(matchingFilter(path, value))}` };
}

/** The filter text. Quotation mark, backslash and control characters are escaped as in JSON, which Entra does not do (scim-wire.md 1.5). */
export function matchingFilter(path: string, value: string): string {
  return `${path} eq ${JSON.stringify(value)}`;
}

/** A filter value as it stands in a query: quoted, JSON-escaped and form-encoded, e.g. `%22ana%2bx%40contoso.example%22`. */
export function encodeFilterValue(value: string): string {
  return encodeQuery(JSON.stringify(value));
}

/** Form encoding as .NET's HttpUtility writes it: lower-case hex, `+` for space, `- _ . ! * ( )` kept. */
export function encodeQuery(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase())
    .replace(/%20/g, '+')
    .replace(/['~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

function resourcePath(type: ResourceType, id: string): string {
  const encoded = encodeURIComponent(wellFormed(id)).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${ENDPOINTS[type]}/${encoded}`;
}

/** Half a surrogate pair cannot be encoded; U+FFFD stands for it, as in .NET. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD');
}

/** Keys in the order op, path, value, as Microsoft's serializer writes them. */
function orderedOperation(operation: PatchOperation): JsonValue {
  return {
    op: operation.op,
    ...(operation.path === undefined ? {} : { path: operation.path }),
    ...(operation.value === undefined ? {} : { value: operation.value }),
  };
}
