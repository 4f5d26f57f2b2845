/** Endpoints with less than everything, ones that break, and runs that are stopped. */
import { describe, expect, it } from 'vitest';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import type { MetaProfile } from '../../fixtures/targets/meta/meta-systems.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { conformTo, rootsOf } from '../support/endpoint.ts';
import { TOKEN } from '../support/world.ts';

const strict = () => createScimApp({ token: TOKEN, uniqueGroupNames: true });
const pathOf = (request: Request) => new URL(request.url).pathname;
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/scim+json' } });

it('judges an endpoint without groups by its users', async () => {
  const app = strict();
  const report = await conformTo(async (request) =>
    pathOf(request).startsWith('/scim/Groups') ? json(404, { detail: 'no groups here' }) : app.handle(request),
  );
  expect(rootsOf(report, 'failed')).toEqual([]);
  expect(rootsOf(report, 'warning')).toEqual(['group-endpoint']);
  const skipped = report.results.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped.every(({ check }) => check.groups === true)).toBe(true);
  expect(new Set(skipped.map(({ why }) => why))).toEqual(new Set(['there is no group endpoint']));
});

/** One of Meta's systems at its own path, asked by somebody with a User-Agent. */
function meta(profile: MetaProfile, base: string): (request: Request) => Promise<Response> {
  const app = createMetaApp(profile, { token: TOKEN });
  return async (request) => {
    const headers = new Headers(request.headers);
    headers.set('user-agent', 'test');
    const { method } = request;
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: await request.text() };
    return app.handle(new Request(request.url.replace('/scim', base), { method, headers, ...body }));
  };
}

it.each(['work-accounts', 'okta-work-accounts'] as const)(
  'does not judge managers where /Schemas lists none: %s',
  async (profile) => {
    const report = await conformTo(meta(profile, ''), { domain: 'contoso.com' });
    const managers = report.results.filter(({ check }) => check.area === 'managers');
    expect(managers.length).toBeGreaterThan(0);
    expect(new Set(managers.map(({ outcome, why }) => `${outcome}: ${why}`))).toEqual(
      new Set(['skipped: /Schemas lists no manager']),
    );
    expect(rootsOf(report, 'failed')).toEqual([]);
  },
);

it('judges managers where the schemas are not told', async () => {
  const app = strict();
  const report = await conformTo(
    async (request) => (pathOf(request).endsWith('/Schemas') ? json(404, {}) : app.handle(request)),
    { ids: ['set-manager-legacy'] },
  );
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['passed']);
});

it.each(['workplace-legacy', 'workplace-2017'] as const)(
  'does not begin where SCIM 1.1 is spoken: %s',
  async (profile) => {
    const report = await conformTo(meta(profile, '/scim/v1'), { domain: 'contoso.com' });
    expect(report).toMatchObject({ results: [], error: { category: 'job', code: 'ScimVersion' } });
    expect(String(report.error)).toContain('this endpoint speaks SCIM 1.1; conform checks 2.0');
  },
);

it('does not judge updates of an attribute the endpoint does not keep, but says that it does not', async () => {
  const app = strict();
  const report = await conformTo(async (request) => {
    if (request.method !== 'POST') return app.handle(request);
    const { title: _dropped, ...kept } = (await request.clone().json()) as Record<string, unknown>;
    return app.handle(new Request(request, { body: JSON.stringify(kept) }));
  });
  expect(rootsOf(report, 'failed')).toEqual([]);
  expect(rootsOf(report, 'warning')).toEqual(['create-keeps-all']);
  const add = report.results.find(({ check }) => check.id === 'add-value-legacy');
  expect(add).toMatchObject({ outcome: 'skipped', why: 'the endpoint does not keep title' });
});

it('only warns of values that are dropped, but not of values that are changed', async () => {
  const change = (edit: (body: Record<string, unknown>) => unknown) => {
    const app = strict();
    return conformTo(async (request) => {
      if (request.method !== 'POST') return app.handle(request);
      const body = (await request.clone().json()) as Record<string, unknown>;
      return app.handle(new Request(request, { body: JSON.stringify(edit(body)) }));
    });
  };
  const dropped = await change(({ displayName: _dropped, externalId: _too, ...kept }) => kept);
  expect(dropped.results.find(({ check }) => check.id === 'create-keeps-core')?.outcome).toBe('warning');
  expect(dropped.results.find(({ check }) => check.id === 'capital-operations')?.outcome).toBe('passed');
  const changed = await change((body) => ({ ...body, externalId: 'changed' }));
  expect(changed.results.find(({ check }) => check.id === 'create-keeps-core')?.outcome).toBe('failed');
  const inactive = await change((body) => ({ ...body, active: false }));
  expect(inactive.results.find(({ check }) => check.id === 'create-keeps-core')?.outcome).toBe('failed');
});

it.each([
  ['a number as id', (id: string) => ({ id: Number(id) }), /^"id" is \d+, not a text/],
  ['no schemas', () => ({ schemas: undefined }), /^"schemas" does not list urn:/],
])('warns of resources with %s', async (_name, odd, found) => {
  let last = 0;
  const app = createScimApp({ token: TOKEN, uniqueGroupNames: true, nextId: () => String(++last) });
  const report = await conformTo(async (request) => {
    const answer = await app.handle(request);
    if (request.method !== 'GET' || !/\/Users\/./.test(pathOf(request)) || answer.status !== 200) return answer;
    const user = (await answer.json()) as { readonly id: string };
    return json(200, { ...user, ...odd(user.id) });
  });
  const form = report.results.find(({ check }) => check.id === 'resource-form');
  expect(form).toMatchObject({ outcome: 'warning', finding: { found: expect.stringMatching(found) } });
  expect(rootsOf(report, 'failed')).toEqual([]);
});

it('goes on with less when the full create is refused', async () => {
  const app = strict();
  const report = await conformTo(async (request) => {
    const text = await request.clone().text();
    const refused = request.method === 'POST' && /"title"|"addresses"/.test(text);
    return refused ? json(400, { detail: 'unknown attribute title' }) : app.handle(request);
  });
  expect(rootsOf(report, 'failed')).toEqual(['create-user']);
  expect(report.results.find(({ check }) => check.id === 'disable-legacy')?.outcome).toBe('passed');
});

it('warns where nothing can be deleted, and lists what stays', async () => {
  const app = strict();
  const report = await conformTo(
    async (request) => (request.method === 'DELETE' ? json(405, { detail: 'no' }) : app.handle(request)),
    { ids: ['delete-user'] },
  );
  expect(rootsOf(report, 'warning')).toEqual(['delete-user']);
  const { left } = report.cleanUp;
  expect(left.map(({ name, why }) => [name, why])).toEqual(
    app.state.users().map(({ userName }) => [userName, 'DELETE answered 405']),
  );
  expect(left.length).toBeGreaterThan(0);
});

it('cleans up a create whose answer got lost, by name, and touches nobody else', async () => {
  const app = createScimApp({ token: TOKEN, seed: { users: [{ userName: 'ada' }] } });
  let posts = 0;
  const report = await conformTo(
    async (request) => {
      const answer = await app.handle(request);
      if (request.method !== 'POST') return answer;
      posts += 1;
      return posts === 2 ? Response.error() : answer;
    },
    { ids: ['filter-match', 'disable-legacy'] },
  );
  const found = expect.stringContaining('got no answer') as string;
  expect(report.results[0]).toMatchObject({ outcome: 'failed', finding: { found } });
  expect(report.cleanUp.left).toEqual([]);
  expect(app.state.users().map(({ userName }) => userName)).toEqual(['ada']);
});

it('does not call what breaks off now and then a missing feature, and goes on where an answer cannot be used', async () => {
  const every4th = (answer: () => Response) => {
    const app = strict();
    let posts = 0;
    return conformTo(async (request) => {
      if (request.method === 'POST' && ++posts % 4 === 0) return answer();
      return app.handle(request);
    });
  };
  for (const answer of [() => Response.error(), () => new Response('{"id":', { status: 201 })]) {
    const report = await every4th(answer);
    expect(rootsOf(report, 'failed')).not.toEqual([]);
    expect(report.error).toBeUndefined();
  }
  const app = strict();
  const elsewhere = () => new Response(null, { status: 307, headers: { location: 'https://app.test/scim/Users/' } });
  const redirected = await conformTo(async (request) =>
    request.method === 'POST' ? elsewhere() : app.handle(request),
  );
  expect(redirected.error).toBeUndefined();
  expect(rootsOf(redirected, 'failed')).toContain('create-user');
});

it('says so when what it made has neither id nor location', async () => {
  const app = createScimApp({ token: TOKEN, defects: ['missing-id'] });
  const report = await conformTo(
    async (request) => {
      const answer = await app.handle(request);
      const text = (await answer.text()).replaceAll('"location"', '"elsewhere"');
      return new Response(text === '' ? null : text, {
        status: answer.status,
        headers: { 'content-type': 'application/scim+json' },
      });
    },
    { ids: ['create-user'] },
  );
  const { left } = report.cleanUp;
  expect(left.map(({ name }) => name).sort()).toEqual(
    app.state
      .users()
      .map(({ userName }) => userName)
      .sort(),
  );
  expect(new Set(left.map(({ why }) => why))).toEqual(new Set(['it comes without "id", and cannot be deleted']));
});

it('removes everything after an interruption, and says that it was one', async () => {
  const app = strict();
  const controller = new AbortController();
  let requests = 0;
  const report = await conformTo(
    (request) => {
      requests += 1;
      if (requests === 150) controller.abort();
      return app.handle(request);
    },
    { signal: controller.signal },
  );
  expect(report.interrupted).toBe(true);
  expect(report.results.length).toBeGreaterThan(5);
  expect(report.results.length).toBeLessThan(80);
  expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
});

it('stops when the endpoint goes away, and lists what it could not remove', async () => {
  const app = strict();
  let requests = 0;
  const report = await conformTo(async (request) => {
    requests += 1;
    return requests > 40 ? Response.error() : app.handle(request);
  });
  expect(report.error?.message).toBe('no answer from endpoint.test');
  expect(report.cleanUp.left.length).toBeGreaterThan(0);
});

describe('what Entra would do with a refusal', () => {
  it.each([
    [400, /escrow and tries again with growing gaps/],
    [500, /tries again in the next cycle/],
  ])('%i', async (status, reaction) => {
    const app = strict();
    const report = await conformTo(
      async (request) => (request.method === 'PATCH' ? json(status, { detail: 'no PATCH' }) : app.handle(request)),
      { ids: ['replace-value-legacy'] },
    );
    expect(report.results[0]?.finding).toMatchObject({
      found: `answered ${status}: no PATCH`,
      entra: expect.stringMatching(reaction),
    });
  });
});

/** Before each PATCH below `path`, the resource loses what `lose` takes from it. */
function losing(path: string, lose: (resource: Record<string, unknown>) => unknown) {
  const app = strict();
  const send = (method: string, { url, headers }: Request, body?: unknown) =>
    app.handle(new Request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
  return async (request: Request) => {
    if (request.method !== 'PATCH' || !pathOf(request).startsWith(path)) return app.handle(request);
    const before = (await (await send('GET', request)).json()) as Record<string, unknown>;
    await send('PUT', request, lose(before));
    return app.handle(request);
  };
}

it.each([
  [
    'a PATCH that is a PUT for the title',
    losing('/scim/Users', ({ title: _lost, ...left }) => left),
    'update-keeps-rest-legacy',
    'answered 200, title is missing, not "Analyst"',
  ],
  [
    'a rename that makes a new group',
    losing('/scim/Groups', ({ members: _lost, ...left }) => left),
    'rename-keeps-members-legacy',
    'answered 204 and removed all 2 members',
  ],
])('finds %s', async (_what, handle, id, found) => {
  const report = await conformTo(handle, { ids: [id] });
  expect(report.results.map(({ finding }) => finding?.found)).toEqual([found]);
  expect(rootsOf(report, 'failed')).toEqual([id]);
});
