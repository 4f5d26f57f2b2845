/**
 * Create, patch, put, delete, read and find → the exact request, path and query encoded as the client does
 * (scim-wire.md 1.4, 1.5, 11). Without a profile the client is Entra.
 */
import type { JsonValue, PatchOperation, ResourceType, ScimRequest } from '../model/scim-message.ts';
import { isCoreUrn, parseAttributePath } from './attribute-path.ts';
import { CLIENT_PROFILES, type ClientProfile } from './client-profile.ts';

const ENDPOINTS: Readonly<Record<ResourceType, string>> = { User: '/Users', Group: '/Groups' };
/** Resources a paging client asks for at once (scim-wire.md 11.2). */
export const PAGE = 100;
const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export function createRequest(type: ResourceType, body: JsonValue): ScimRequest {
  return { method: 'POST', path: ENDPOINTS[type], body };
}

export function patchRequest(
  type: ResourceType,
  id: string,
  operations: readonly PatchOperation[],
  client: ClientProfile = CLIENT_PROFILES.entra,
): ScimRequest {
  const written = operations.map((operation) => orderedOperation(operation, client));
  return { method: 'PATCH', path: resourcePath(type, id), body: { schemas: [PATCH_URN], Operations: written } };
}

/** A PATCH whose body is a part of the resource, as SCIM 1.1 has it. */
export function partialRequest(type: ResourceType, id: string, body: JsonValue): ScimRequest {
  return { method: 'PATCH', path: resourcePath(type, id), body };
}

export function putRequest(type: ResourceType, id: string, body: JsonValue): ScimRequest {
  return { method: 'PUT', path: resourcePath(type, id), body };
}

export function deleteRequest(type: ResourceType, id: string): ScimRequest {
  return { method: 'DELETE', path: resourcePath(type, id) };
}

/** A read by id. Entra reads groups without their members; whoever checks these asks for them (scim-wire.md 4.1, 8.3). */
export function getRequest(
  type: ResourceType,
  id: string,
  {
    members = false,
    client = CLIENT_PROFILES.entra,
  }: { readonly members?: boolean; readonly client?: ClientProfile } = {},
): ScimRequest {
  const query = type === 'Group' && !members && client.excludesMembers ? '?excludedAttributes=members' : '';
  return { method: 'GET', path: `${resourcePath(type, id)}${query}` };
}

/** The matching query `path eq "value"`. */
export function findRequest(
  type: ResourceType,
  path: string,
  value: string,
  client: ClientProfile = CLIENT_PROFILES.entra,
): ScimRequest {
  const filter = matchingFilter(path, value);
  if (client.query === 'paged') {
    const query = `filter=${encodeURIComponent(wellFormed(filter))}&startIndex=1&count=${PAGE}`;
    return { method: 'GET', path: `${ENDPOINTS[type]}?${query}` };
  }
  const excluded = type === 'Group' && client.excludesMembers ? 'excludedAttributes=members&' : '';
  return { method: 'GET', path: `${ENDPOINTS[type]}?${excluded}filter=${encodeQuery(filter)}` };
}

/** Whether a resource holds a reference: two terms, only the id wanted (scim-wire.md 4.4). */
export function referenceRequest(type: ResourceType, id: string, path: string, value: string): ScimRequest {
  const filter = `id eq ${JSON.stringify(id)} and ${path} eq ${JSON.stringify(value)}`;
  return { method: 'GET', path: `${ENDPOINTS[type]}?attributes=id&filter=${encodeQuery(filter)}` };
}

/** One page of all resources, `startIndex` from 1. */
export function pageRequest(type: ResourceType, startIndex: number, count: number): ScimRequest {
  return { method: 'GET', path: `${ENDPOINTS[type]}?startIndex=${startIndex}&count=${count}` };
}

/** The filter text. Quotation mark, backslash and control characters are escaped as in JSON, which Entra does not do (scim-wire.md 1.5). */
function matchingFilter(path: string, value: string): string {
  return `${path} eq ${JSON.stringify(value)}`;
}

/** A filter value as it stands in a query: quoted, JSON-escaped and form-encoded, e.g. `%22ana%2bx%40contoso.example%22`. */
export function encodeFilterValue(value: string): string {
  return encodeQuery(JSON.stringify(value));
}

/** Form encoding as .NET's HttpUtility writes it: lower-case hex, `+` for space, `- _ . ! * ( )` kept. */
export function encodeQuery(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(UNLIKE_DOTNET, (piece) => {
    if (piece === '%20') return '+';
    return piece.length === 1 ? `%${piece.charCodeAt(0).toString(16)}` : piece.toLowerCase();
  });
}

/** What `encodeURIComponent` writes otherwise: spaces, hex with letters, two signs. */
const UNLIKE_DOTNET = /%20|%[A-F][0-9A-F]|%[0-9][A-F]|['~]/g;

function resourcePath(type: ResourceType, id: string): string {
  const encoded = encodeURIComponent(wellFormed(id)).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${ENDPOINTS[type]}/${encoded}`;
}

/** Half a surrogate pair cannot be encoded; U+FFFD stands for it, as in .NET. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** Keys in the order op, path, value, as Microsoft's serializer writes them. */
function orderedOperation(operation: PatchOperation, client: ClientProfile): JsonValue {
  return {
    op: operation.op,
    ...(operation.path === undefined ? {} : { path: pathText(operation.path, client) }),
    ...(operation.value === undefined ? {} : { value: operation.value }),
  };
}

/** The path with the profile's separator after the URN of an extension (scim-wire.md 1.6). */
function pathText(path: string, { extensionSeparator }: ClientProfile): string {
  if (extensionSeparator === ':') return path;
  const { urn } = parseAttributePath(path);
  return urn === undefined || isCoreUrn(urn) ? path : `${urn}${extensionSeparator}${path.slice(urn.length + 1)}`;
}
