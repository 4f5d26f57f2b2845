/** What a SCIM server under test holds, asked for as any SCIM client would ask. */
import { EngineError } from '../model/engine-error.ts';
import type { TargetState } from './check-expectation.ts';

export type Endpoint = {
  readonly url: string;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly token?: string;
};

type Resource = Readonly<Record<string, unknown>>;
type Page = { readonly Resources?: readonly Resource[]; readonly totalResults?: number };

/** All users and groups. @throws EngineError `job` when the server refuses */
export async function readTarget(endpoint: Endpoint): Promise<TargetState> {
  return { users: await readAll(endpoint, 'Users'), groups: await readAll(endpoint, 'Groups') };
}

async function readAll(endpoint: Endpoint, type: 'Users' | 'Groups'): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  for (;;) {
    const page = await readPage(endpoint, `${type}?startIndex=${resources.length + 1}`);
    const found = page.Resources ?? [];
    resources.push(...found);
    if (found.length === 0 || resources.length >= (page.totalResults ?? 0)) return resources;
  }
}

async function readPage({ url, fetch = globalThis.fetch, token }: Endpoint, path: string): Promise<Page> {
  const base = new URL(url);
  const headers = {
    accept: 'application/scim+json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const address = `${base.origin}${base.pathname.replace(/\/$/, '')}/${path}`;
  const answer = await fetch(new Request(address, { headers }));
  if (answer.ok) return (await answer.json()) as Page; // RFC 7644 3.4.2; what is missing counts as empty
  throw new EngineError(`GET ${address} answered ${answer.status}: ${await answer.text()}`, {
    category: 'job',
    code: 'target-unreadable',
    remedy:
      'expectations on "target" need a server that lists its users and groups; leave them out, or check your server by other means',
  });
}
