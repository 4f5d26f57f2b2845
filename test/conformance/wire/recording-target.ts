/** Targets of wire scenarios: one that keeps what it is sent, for the unshown beginning, and one that plays recorded answers. */
import type { Answer, Attributes, WireExchange } from './wire-case.ts';

/** A request as the target saw it. */
export type Seen = {
  readonly request: string;
  readonly headers: Headers;
  /** The body as it came; empty when there was none. */
  readonly text: string;
};

export type Target = { readonly answer: (seen: Seen) => Response };

const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Knows nobody at first, creates under the ids of `accounts` (user or display name → id), says yes to everything else. */
export function keepingTarget(accounts: Readonly<Record<string, string>>): Target {
  const made = new Map<string, Attributes>();
  const answer = ({ request, text }: Seen): Response => {
    const known = made.get(request.slice(request.lastIndexOf('/') + 1));
    if (request.startsWith('GET ')) return known === undefined ? list([]) : json(known, 200);
    if (!request.startsWith('POST ')) return new Response(null, { status: 204 });
    const body = JSON.parse(text) as Attributes;
    const id = accounts[String(body.userName ?? body.displayName)];
    if (id === undefined) throw new Error(`no id is given for ${text}`);
    made.set(id, { ...body, id });
    return json({ ...body, id }, 201);
  };
  return { answer };
}

/** Answers the requests in the order of the exchanges; whoever asks for more gets 418. */
export function playingTarget(exchanges: readonly WireExchange[]): Target {
  const left = exchanges.map((exchange) => exchange.answer);
  return { answer: ({ text }) => responseOf(left.shift() ?? 418, text) };
}

/** What Test Connection wants to hear. */
export function emptyList(): Response {
  return list([]);
}

function responseOf(answer: Answer, sent: string): Response {
  if (typeof answer === 'number') return new Response(null, { status: answer });
  if ('found' in answer) return list(answer.found);
  if ('resource' in answer) return json(answer.resource, 200);
  if ('created' in answer) return json({ ...(JSON.parse(sent) as Attributes), id: answer.created }, 201);
  if ('lost' in answer) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
  const { status, headers, body, text } = answer;
  if (body === undefined) return new Response(text ?? null, { status, ...(headers === undefined ? {} : { headers }) });
  return json(body, status, headers);
}

function list(found: readonly Attributes[]): Response {
  const counters = { totalResults: found.length, startIndex: 1, itemsPerPage: found.length };
  return json({ schemas: [LIST_URN], ...counters, Resources: found }, 200);
}

function json(body: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/scim+json', ...headers },
  });
}
