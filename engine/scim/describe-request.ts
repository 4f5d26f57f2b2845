/** A request in words short enough for a sentence, and as a curl line for a terminal. The secret is never in either. */
import type { JsonValue, PatchOperation, ScimRequest } from '../model/scim-message.ts';

/** `Replace active "False"`, `GET /Users?filter=userName eq "ada"`, `POST /Users`. */
export function describeRequest(request: ScimRequest): string {
  const operations = operationsOf(request);
  if (operations.length > 0) return operations.map(describeOperation).join(', ');
  return `${request.method} ${readable(request.path)}`;
}

/** `Replace active "False"`. */
function describeOperation({ op, path, value }: PatchOperation): string {
  const parts = [op, ...(path === undefined ? [] : [path]), ...(value === undefined ? [] : [JSON.stringify(value)])];
  return parts.join(' ');
}

/** The operations of a PATCH; none for other requests. */
export function operationsOf({ body }: ScimRequest): readonly PatchOperation[] {
  if (typeof body !== 'object' || body === null || !('Operations' in body)) return [];
  return Array.isArray(body.Operations) ? (body.Operations as readonly PatchOperation[]) : [];
}

/** The request for a POSIX shell; the token is taken from `$TOKEN`. @param anonymous without credentials */
export function curlOf(url: string, request: ScimRequest, anonymous = false): string {
  const parts = [
    'curl',
    ...(request.method === 'GET' ? [] : ['-X', request.method]),
    quote(url),
    ...(anonymous ? [] : ['-H', '"Authorization: Bearer $TOKEN"']),
    ...(request.body === undefined
      ? []
      : typeof request.body === 'string'
        ? ['-d', quote(request.body)] // a form, which is what curl takes text for
        : ['-H', quote('Content-Type: application/scim+json'), '-d', json(request.body)]),
  ];
  return parts.join(' ');
}

function json(body: JsonValue): string {
  return quote(JSON.stringify(body));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Percent signs and plus signs of a query as the characters they stand for. */
function readable(path: string): string {
  const [address = '', query] = path.split(/\?(.*)/s);
  if (query === undefined) return address;
  try {
    return `${address}?${decodeURIComponent(query.replaceAll('+', ' '))}`;
  } catch {
    return path;
  }
}
