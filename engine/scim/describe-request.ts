/** A request in words short enough for a sentence, and as a curl line for a terminal. The secret is never in either. */
import type { JsonValue, PatchOperation, ScimRequest } from '../model/scim-message.ts';
import { CLIENT_PROFILES, type ClientProfile } from './client-profile.ts';

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

export type CurlOptions = {
  /** Who would send it; Entra by default. */
  readonly client?: ClientProfile;
  /** Without credentials. */
  readonly anonymous?: boolean;
};

/** The request for a POSIX shell, with the headers that the client sends; the token is taken from `$TOKEN`. */
export function curlOf(url: string, request: ScimRequest, options: CurlOptions = {}): string {
  const { client = CLIENT_PROFILES.entra, anonymous = false } = options;
  const { accept, acceptCharset, contentType } = client.headers;
  const { method, body } = request;
  const isForm = typeof body === 'string'; // of the token endpoint: curl takes text for a form by itself
  const parts = [
    'curl',
    ...(method === 'GET' ? [] : ['-X', method]),
    quote(url),
    ...(anonymous ? [] : ['-H', '"Authorization: Bearer $TOKEN"']),
    ...header('Accept', isForm ? 'application/json' : accept),
    ...(isForm || acceptCharset === undefined ? [] : header('Accept-Charset', acceptCharset)),
    ...(body === undefined
      ? []
      : isForm
        ? ['-d', quote(body)]
        : [...header('Content-Type', contentType), '-d', json(body)]),
  ];
  return parts.join(' ');
}

function header(name: string, value: string): readonly string[] {
  return ['-H', quote(`${name}: ${value}`)];
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
