/** The convergence check against the bundled application, faithful and with mistakes, and against an independent server. */
import { afterEach, describe, expect, it } from 'vitest';
import { whatDiffers } from '../../engine/cli/views/verify-human.ts';
import type { Divergence, Verification } from '../../engine/engine.ts';
import { operationsOf } from '../../engine/scim/describe-request.ts';
import type { Defect } from '../../fixtures/targets/scim/defects.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { startScimmyServer } from '../support/scimmy-server.ts';
import {
  aUser,
  DEFAULT_MAPPING,
  ENTERPRISE,
  everyone,
  openWorld,
  TOKEN,
  type World,
  type WorldOptions,
} from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** Three users, the first managed by the second, all in one group; the application tells the time of the engine. */
async function start(defects: readonly Defect[] = [], options: WorldOptions = {}): Promise<void> {
  const users = [aUser('u1', { manager: 'u2', jobTitle: 'Clerk' }), aUser('u2'), aUser('u3')];
  const directory = everyone(users, [{ id: 'g1', displayName: 'Sales', members: ['u1', 'u2', 'u3'] }]);
  let clock: World['clock'] | undefined;
  const now = () => clock?.now() ?? '2026-01-01T00:00:00.000Z';
  world = await openWorld({ directory, ...options, app: { now, defects, ...options.app } });
  clock = world.clock;
  await world.cycle();
}

const verify = (): Promise<Verification> => world.engine().verify('app');
const userId = (name: string) =>
  String(world.app.state.users().find(({ userName }) => userName === `${name}@contoso.com`)?.id);
const groupId = () => String(world.app.state.groups()[0]?.id);
const edit = (id: string, attributes: Readonly<Record<string, unknown>>) =>
  Object.assign([...world.directory.users, ...world.directory.groups].find((one) => one.id === id) ?? {}, attributes);

/** What an administrator of the application does there. */
async function atTarget(method: string, path: string, operations?: readonly unknown[]): Promise<number> {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  const answer = await world.app.handle(
    new Request(`http://app.test/scim${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
      ...(operations === undefined ? {} : { body: JSON.stringify({ schemas, Operations: operations }) }),
    }),
  );
  return answer.status;
}

function brief({ link, difference, explanation, request }: Divergence): unknown {
  const { kind, ...rest } = difference;
  const body = request.body as { readonly Operations?: readonly unknown[] } | undefined;
  return {
    of: link.displayName,
    kind,
    ...rest,
    cause: explanation.cause,
    answered: explanation.write?.answered,
    operations: body?.Operations,
  };
}

it('finds nothing where everything arrived, and writes nothing', async () => {
  await start();
  edit('u1', { jobTitle: 'Boss', manager: 'u3' });
  edit('u2', { accountEnabled: false });
  edit('g1', { members: ['u1', 'u2'] });
  await world.cycle();
  const before = world.app.requests.length;
  const result = await verify();
  expect(result).toMatchObject({ checked: { User: 3, Group: 1 }, total: 0, unread: [] });
  const sent = world.app.requests.slice(before);
  expect(sent.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    `GET /Groups/${groupId()}`,
    ...['u1', 'u2', 'u3'].map((name) => `GET /Users/${userId(name)}`).sort(),
  ]);
});

describe('mistakes that make the target diverge', () => {
  it('string-booleans-ignored: the leaver is still active', async () => {
    await start(['string-booleans-ignored']);
    edit('u1', { accountEnabled: false });
    await world.cycle();
    const { divergences } = await verify();
    expect(divergences.map(brief)).toEqual([
      {
        of: 'u1@contoso.com',
        kind: 'value',
        path: 'active',
        believed: 'False',
        found: true,
        cause: 'not-carried-out',
        answered: 200,
        operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      },
    ]);
  });

  it('string-booleans-kept: what asks whether the leaver is active hears yes', async () => {
    await start(['string-booleans-kept']);
    edit('u1', { accountEnabled: false });
    await world.cycle();
    edit('u1', { jobTitle: 'Boss' });
    await world.cycle();
    const { divergences } = await verify();
    expect(divergences.map(brief)).toEqual([
      {
        of: 'u1@contoso.com',
        kind: 'value',
        path: 'active',
        believed: 'False',
        found: 'False',
        cause: 'not-carried-out',
        answered: 200,
        operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      },
    ]);
    expect(divergences.map(whatDiffers)).toEqual(['active is the text "False", not a boolean']);
  });

  it('capitalised-ops-ignored: no change arrives, nor manager or members', async () => {
    await start(['capitalised-ops-ignored']);
    edit('u1', { jobTitle: 'Boss' });
    await world.cycle();
    const { divergences } = await verify();
    const ids = ['u1', 'u2', 'u3'].map(userId).sort();
    expect(divergences.map(brief)).toEqual([
      expect.objectContaining({
        kind: 'members',
        change: 'missing',
        ids,
        cause: 'not-carried-out',
        answered: 204,
        operations: [{ op: 'Add', path: 'members', value: ids.map((value) => ({ value })) }],
      }),
      expect.objectContaining({
        path: 'title',
        believed: 'Boss',
        found: 'Clerk',
        cause: 'not-carried-out',
        operations: [{ op: 'Replace', path: 'title', value: 'Boss' }],
      }),
      expect.objectContaining({
        path: `${ENTERPRISE}:manager`,
        believed: userId('u2'),
        found: null,
        cause: 'not-carried-out',
        operations: [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: userId('u2') }],
      }),
    ]);
  });

  it('remove-one-removes-all: the removal of one is named for the loss of the others', async () => {
    await start(['remove-one-removes-all']);
    const gone = userId('u3');
    edit('g1', { members: ['u1', 'u2'] });
    await world.cycle();
    const { divergences } = await verify();
    expect(divergences.map(brief)).toEqual([
      {
        of: 'Sales',
        kind: 'members',
        path: 'members',
        change: 'missing',
        ids: [userId('u1'), userId('u2')].sort(),
        believed: 2,
        found: 0,
        cause: 'not-carried-out',
        answered: 204,
        operations: [{ op: 'Remove', path: 'members', value: [{ value: gone }] }],
      },
    ]);
  });
});

/** These fail objects, or cost time: what is written arrives. */
it.each(['filter-ignored', 'members-returned', 'case-sensitive-user-name'] as const)(
  '%s makes nothing diverge',
  async (defect) => {
    await start([defect]);
    edit('u1', { jobTitle: 'Boss' });
    await world.cycle();
    expect(await verify()).toMatchObject({ total: 0, unread: [] });
  },
);

describe('evidence', () => {
  it('a later change at the target', async () => {
    await start();
    world.clock.advance(3_600_000);
    await atTarget('PATCH', `/Users/${userId('u1')}`, [{ op: 'replace', path: 'title', value: 'Changed there' }]);
    const { divergences } = await verify();
    const operations = [{ op: 'Replace', path: 'title', value: 'Clerk' }];
    expect(divergences.map(brief)).toMatchObject([{ found: 'Changed there', cause: 'changed-since', operations }]);
    expect(divergences[0]?.explanation.evidence).toMatch(/somebody changed the resource there on 2026-/);
  });

  it('a later cycle that read it and found it right', async () => {
    await start();
    edit('u1', { surname: 'Lima' });
    await world.cycle();
    world.clock.advance(3_600_000);
    await atTarget('PATCH', `/Users/${userId('u1')}`, [{ op: 'replace', path: 'title', value: 'Changed there' }]);
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([{ path: 'title', cause: 'changed-since' }]);
    expect(divergences[0]?.explanation.evidence).toMatch(
      /a cycle read it on .* and it was right then; the write after it may have undone it/,
    );
  });

  it('members missing whose Add was followed by another write of members: it says that it cannot tell', async () => {
    await start();
    edit('g1', { members: ['u1', 'u2'] });
    await world.cycle();
    const path = `members[value eq "${userId('u1')}"]`;
    await atTarget('PATCH', `/Groups/${groupId()}`, [{ op: 'remove', path }]);
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([{ kind: 'members', change: 'missing', cause: 'unclear' }]);
    expect(divergences[0]?.explanation.evidence).toMatch(/a later write of members on 2026-.* may have undone it/);
  });

  it('the value from before the write, on a resource that was changed since: it says that it cannot tell', async () => {
    await start(['string-booleans-ignored']);
    edit('u1', { accountEnabled: false });
    await world.cycle();
    world.clock.advance(3_600_000);
    await atTarget('PATCH', `/Users/${userId('u1')}`, [{ op: 'replace', path: 'nickName', value: 'Lena' }]);
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([{ path: 'active', cause: 'unclear' }]);
  });

  it('a resource deleted there', async () => {
    await start();
    const id = userId('u3');
    expect(await atTarget('DELETE', `/Users/${id}`)).toBe(204);
    const { divergences } = await verify();
    expect(divergences.map(({ difference, request }) => [difference.kind, request.path])).toEqual([
      ['members', `/Groups/${groupId()}`],
      ['gone', `/Users/${id}`],
    ]);
  });

  it('members added there', async () => {
    await start();
    edit('g1', { members: ['u1'] });
    await world.cycle();
    world.clock.advance(3_600_000);
    await atTarget('PATCH', `/Groups/${groupId()}`, [{ op: 'add', path: 'members', value: [{ value: userId('u2') }] }]);
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([{ change: 'extra', ids: [userId('u2')] }]);
  });

  it('a write that failed and waits', async () => {
    await start();
    edit('u1', { jobTitle: 'Boss' });
    world.inject({
      match: { method: 'PATCH', path: `/Users/${userId('u1')}` },
      times: 1,
      fault: { kind: 'status', status: 500 },
    });
    await world.cycle();
    await atTarget('PATCH', `/Users/${userId('u1')}`, [{ op: 'replace', path: 'title', value: 'Boss' }]);
    const { divergences } = await verify();
    expect(divergences[0]?.explanation.evidence).toMatch(/its last write failed \(InternalServerError\)/);
    expect(divergences[0]?.explanation.cause).toBe('unclear');
  });
});

it('the reproduction shows the mistake again, and mends a target that has learnt', async () => {
  await start(['string-booleans-ignored']);
  edit('u1', { accountEnabled: false });
  await world.cycle();
  const [divergence] = (await verify()).divergences;
  if (divergence === undefined) throw new Error('nothing diverges');
  const { path } = divergence.request;
  const operations = operationsOf(divergence.request);
  expect(await atTarget('PATCH', path, operations)).toBe(200);
  expect((await verify()).total).toBe(1);
  world.app.control?.({ method: 'PATCH', path: '/settings', body: { defects: [] } });
  expect(await atTarget('PATCH', path, operations)).toBe(200);
  expect((await verify()).total).toBe(0);
});

it('a value that a create did not bring is reproduced by a create', async () => {
  const app = createScimApp({ token: TOKEN, now: () => '2026-01-01T00:40:00.000Z' });
  const served = await serveApp({
    handle: async (request) => {
      if (request.method !== 'POST') return app.handle(request);
      const { title: _dropped, ...kept } = (await request.clone().json()) as Record<string, unknown>;
      return app.handle(new Request(request, { body: JSON.stringify(kept) }));
    },
  });
  try {
    await start([], { targetUrl: `${served.url}/scim` });
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([
      { path: 'title', believed: 'Clerk', found: null, cause: 'not-carried-out', answered: 201 },
    ]);
    expect(divergences[0]?.request).toMatchObject({
      method: 'POST',
      path: '/Users',
      body: { userName: 'reproduction-title@scimulate.example', title: 'Clerk' },
    });
  } finally {
    await served.close();
  }
});

it('does not blame the create for what a later write of the whole resource took away', async () => {
  const code = 'urn:example:scim:Group:code';
  const mapping = DEFAULT_MAPPING.replace('{ to: externalId, from: objectId }', `{ to: '${code}', from: objectId }`);
  const app = createScimApp({ token: TOKEN, now: () => '2026-01-01T00:40:00.000Z' });
  const served = await serveApp({
    handle: async (request) => {
      if (request.method !== 'PUT') return app.handle(request);
      const { 'urn:example:scim:Group': _dropped, ...kept } = (await request.clone().json()) as Record<string, unknown>;
      return app.handle(new Request(request, { body: JSON.stringify(kept) }));
    },
  });
  try {
    await start([], { mapping, target: { client: 'okta-aiw' }, targetUrl: `${served.url}/scim` });
    const { divergences } = await verify();
    expect(divergences.map(brief)).toMatchObject([{ of: 'Sales', path: code, found: null, cause: 'unclear' }]);
    expect(divergences[0]?.explanation.evidence).toMatch(/a write of the whole resource/);
  } finally {
    await served.close();
  }
});

it.each(['okta-aiw', 'okta-oin'] as const)(
  'finds nothing after what %s does, a switched-off user among it',
  async (client) => {
    await start([], { target: { client } });
    edit('u1', { accountEnabled: false });
    await world.cycle();
    expect(world.app.state.users().map(({ active }) => active)).toEqual([false, true, true]);
    expect(await verify()).toMatchObject({ total: 0, unread: [] });
  },
);

it('reads what it can, and lists what it cannot', async () => {
  await start();
  world.inject({
    match: { method: 'GET', path: `/Users/${userId('u1')}` },
    times: 'always',
    fault: { kind: 'status', status: 403 },
  });
  const result = await verify();
  expect(result.checked).toEqual({ User: 2, Group: 1 });
  expect(result.unread).toMatchObject([{ link: { displayName: 'u1@contoso.com' }, code: 'InsufficientRights' }]);
});

it('fails as a job where nothing answers', async () => {
  await start();
  world.inject({ match: {}, times: 'always', fault: { kind: 'drop' } });
  await expect(verify()).rejects.toMatchObject({ category: 'job', message: /nothing can be read back/ });
});

it('reads more links than fit a page', async () => {
  await start([], { directory: everyone(Array.from({ length: 101 }, (_, index) => aUser(`u${index + 1}`))) });
  const seen: number[] = [];
  const result = await world.engine().verify('app', { onProgress: (done) => seen.push(done) });
  expect(result).toMatchObject({ checked: { User: 101, Group: 0 }, total: 0 });
  expect(seen).toEqual([100, 101]);
});

it('finds an independent server in step where the dialect suits it; what it refuses does not diverge', async () => {
  const scimmy = await startScimmyServer({ token: TOKEN });
  try {
    const users = [aUser('u1'), aUser('u2'), aUser('u3')];
    const groups = [{ id: 'g1', displayName: 'Sales', members: ['u1', 'u2', 'u3'] }];
    await start([], { targetUrl: scimmy.url, directory: everyone(users, groups) });
    edit('u3', { accountEnabled: false });
    edit('u2', { department: 'IT' });
    const refused = await world.cycle();
    expect(refused.cycle.counts.failed).toBe(1);
    expect(await verify()).toMatchObject({ checked: { User: 3, Group: 1 }, total: 0, unread: [] });
  } finally {
    await scimmy.close();
  }
});
