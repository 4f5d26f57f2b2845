/** One user's and one group's life as each client writes it: the exact requests of a cycle (scim-wire.md 1.6, 11; gallery.md 5.2). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../engine/compose.ts';
import type { Engine } from '../../engine/engine.ts';
import { CYCLE_INTERVAL_MS, fixedClock } from '../support/fixed-clock.ts';
import { aUser, DEFAULT_MAPPING, type DirectoryDocument, everyone } from '../support/world.ts';

type Sent = { readonly line: string; readonly body?: unknown; readonly headers: Headers };
type Stored = Record<string, unknown>;

/**
 * A target that keeps what it is sent, of any protocol, and answers lists and resources.
 * @param hidden users whose first query finds nobody and whose create is refused: they are there all the same
 */
function keepingTarget(noMatch: 200 | 404 = 200, hidden: readonly string[] = []) {
  const sent: Sent[] = [];
  const resources = new Map<string, Stored>();
  const unseen = new Set(hidden);
  for (const [index, userName] of hidden.entries()) resources.set(`Users/h${index}`, { id: `h${index}`, userName });
  const json = (body: unknown, status = 200) => Response.json(body, { status });
  const list = (found: readonly Stored[]) => json({ totalResults: found.length, Resources: found });
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, search, searchParams } = new URL(request.url);
    const [, type = '', id] = pathname.replace(/^\/scim/, '').split('/');
    const text = await request.text();
    const body = text === '' ? undefined : (JSON.parse(text) as Stored);
    const line = `${request.method} ${pathname}${search}`;
    sent.push({ line, headers: request.headers, ...(body === undefined ? {} : { body }) });
    const key = id === undefined ? '' : `${type}/${id}`;
    if (request.method === 'POST' && hidden.includes(String(body?.userName))) return json({}, 409);
    if (request.method === 'POST') {
      const made = { ...body, id: String(resources.size + 1) };
      resources.set(`${type}/${made.id}`, made);
      return json(made, 201);
    }
    if (request.method === 'GET' && id === undefined) {
      const value = /"([^"]*)"/.exec(searchParams.get('filter') ?? '')?.[1];
      if (value !== undefined && unseen.delete(value)) return list([]);
      const all = [...resources].filter(([at]) => at.startsWith(`${type}/`)).map(([, one]) => one);
      const found = value === undefined ? all : all.filter((one) => [one.userName, one.displayName].includes(value));
      return found.length === 0 && noMatch === 404 ? json({}, 404) : list(found);
    }
    const present = resources.get(key);
    if (present === undefined) return json({}, 404);
    if (request.method === 'PUT') resources.set(key, { ...body, id });
    if (request.method === 'PATCH') {
      const active = JSON.stringify(body).match(/"active":(true|false)/)?.[1];
      if (active !== undefined) resources.set(key, { ...present, active: active === 'true' });
    }
    if (request.method === 'DELETE') resources.delete(key);
    return request.method === 'DELETE' ? new Response(null, { status: 204 }) : json(resources.get(key));
  };
  return { fetch, sent, resources };
}

type World = ReturnType<typeof keepingTarget> & {
  readonly directory: DirectoryDocument;
  /** Runs a cycle and returns what was sent in it. */
  readonly cycle: () => Promise<readonly Sent[]>;
  /** Counts of the last cycle. */
  readonly counts: () => Promise<unknown>;
  readonly close: () => Promise<void>;
};
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function open(
  client: string,
  options: { mapping?: string; noMatch?: 200 | 404; hidden?: readonly string[]; target?: object } = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-clients-'));
  const directory = everyone(
    [aUser('ana', { jobTitle: 'Clerk' }), aUser('ben'), aUser('cia')],
    [{ id: 'g1', displayName: 'Staff', members: ['cia'] }],
  );
  const target = keepingTarget(options.noMatch, options.hidden);
  const clock = fixedClock();
  await writeFile(join(folder, 'mapping.yaml'), options.mapping ?? DEFAULT_MAPPING);
  const job = {
    name: 'app',
    mappings: 'mapping.yaml',
    target: {
      url: 'http://127.0.0.1:9/scim',
      auth: { type: 'bearer', token: '${env:SCIM_TOKEN}' },
      client,
      ...options.target,
    },
  };
  const file = join(folder, 'config.yaml');
  const tenantId = '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b';
  await writeFile(
    file,
    JSON.stringify({ tenantId, store: 'memory', directory: { type: 'file', path: 'd.json' }, jobs: [job] }),
  );
  await writeFile(join(folder, 'd.json'), JSON.stringify(directory));
  const opened = await openEngine(file, { env: { SCIM_TOKEN: 't' }, clock, fetch: target.fetch });
  if (opened.engine === undefined) throw new Error(JSON.stringify(opened.diagnostics));
  const engine: Engine = opened.engine;
  return {
    ...target,
    directory,
    cycle: async () => {
      await writeFile(join(folder, 'd.json'), JSON.stringify(directory));
      clock.advance(CYCLE_INTERVAL_MS);
      const before = target.sent.length;
      const { cycle } = await engine.sync('app');
      expect(cycle.error).toBeUndefined();
      return target.sent.slice(before);
    },
    counts: async () => (await engine.status('app')).record?.lastCycle?.counts,
    close: async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const lines = (sent: readonly Sent[]) => sent.map(({ line }) => line);
const writes = (sent: readonly Sent[]) =>
  sent.filter(({ line }) => !line.startsWith('GET')).map(({ line, body }) => [line, body]);
const user = (directory: DirectoryDocument, id: string) => directory.users.find((one) => one.id === id) ?? {};
function unassign(directory: DirectoryDocument, id: string): void {
  const [application] = directory.applications;
  if (application !== undefined) application.assignments = application.assignments.filter((one) => one.user !== id);
}

describe('okta-oin', () => {
  test('asks with paging, creates with the core schema alone, and never probes in a cycle', async () => {
    world = await open('okta-oin', { noMatch: 404 });
    const sent = await world.cycle();
    expect(lines(sent)[0]).toBe(
      'GET /scim/Users?filter=userName%20eq%20%22ana%40contoso.com%22&startIndex=1&count=100',
    );
    expect(lines(sent).filter((line) => line.startsWith('GET'))).toHaveLength(4);
    expect(sent[0]?.headers.get('user-agent')).toBe('Okta SCIM Client 1.0.0');
    const [, created] = writes(sent)[0] ?? [];
    expect(created).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      groups: [],
      active: true,
    });
    expect(created).not.toHaveProperty('meta');
  });

  test('updates by PUT, keeping what the target added', async () => {
    world = await open('okta-oin');
    await world.cycle();
    const [key, stored] = [...world.resources].find(([, one]) => one.userName === 'ana@contoso.com') ?? ['', {}];
    world.resources.set(key, { ...stored, meta: { version: '7' }, nickName: 'An' });
    user(world.directory, 'ana').jobTitle = 'Manager';
    const [[line, body] = []] = writes(await world.cycle());
    expect(line).toBe(`PUT /scim/${key}`);
    expect(body).toMatchObject({ id: stored.id, title: 'Manager', nickName: 'An', meta: { version: '7' } });
  });

  test('switches off without reading, and on again after asking; nobody is deleted', async () => {
    world = await open('okta-oin');
    await world.cycle();
    unassign(world.directory, 'ana');
    const off = await world.cycle();
    const patch = (active: boolean) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { active } }],
    });
    expect(off.map(({ line, body }) => [line, body])).toEqual([['PATCH /scim/Users/1', patch(false)]]);
    world.directory.applications[0]?.assignments.push({ user: 'ana', role: 'User' });
    const on = await world.cycle();
    expect(lines(on)[0]).toMatch(/^GET \/scim\/Users\?filter=/);
    expect(writes(on)).toEqual([['PATCH /scim/Users/1', patch(true)]]);
    world.directory.users = world.directory.users.filter((one) => one.id !== 'ana');
    unassign(world.directory, 'ana');
    expect(writes(await world.cycle())).toContainEqual(['PATCH /scim/Users/1', patch(false)]);
  });

  test('each option that is off suppresses its own requests only (OK-05)', async () => {
    world = await open('okta-oin', {
      mapping: DEFAULT_MAPPING.replace('to: User\n', 'to: User\n    actions: [create, update]\n'),
    });
    await world.cycle();
    unassign(world.directory, 'ana');
    user(world.directory, 'ben').jobTitle = 'Lead';
    expect(writes(await world.cycle()).map(([line]) => line)).toEqual(['PUT /scim/Users/2']);
  });

  test.each(['active', "'urn:ietf:params:scim:schemas:core:2.0:User:active'"])(
    'with the updates of profiles off, who is assigned again is enabled and nothing else changes (OK-05): %s',
    async (path) => {
      world = await open('okta-oin', {
        mapping: DEFAULT_MAPPING.replace('to: User\n', 'to: User\n    actions: [create, delete]\n').replace(
          'to: active',
          `to: ${path}`,
        ),
      });
      await world.cycle();
      unassign(world.directory, 'ana');
      await world.cycle();
      world.directory.applications[0]?.assignments.push({ user: 'ana', role: 'User' });
      user(world.directory, 'ana').jobTitle = 'Lead';
      const on = writes(await world.cycle());
      expect(on).toMatchObject([['PATCH /scim/Users/1', { Operations: [{ op: 'replace', value: { active: true } }] }]]);
      user(world.directory, 'ana').jobTitle = 'Head';
      expect(writes(await world.cycle())).toEqual([]);
    },
  );

  test('sends the name with every change of members, and adds and removes these in one PATCH', async () => {
    world = await open('okta-oin');
    await world.cycle();
    const [group] = world.directory.groups;
    if (group !== undefined) group.members = ['ben'];
    expect(writes(await world.cycle())).toEqual([
      [
        'PATCH /scim/Groups/4',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', value: { id: '4', displayName: 'Staff' } }],
        },
      ],
      [
        'PATCH /scim/Groups/4',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [
            { op: 'remove', path: 'members[value eq "3"]' },
            { op: 'add', path: 'members', value: [{ value: '2', display: 'ben@contoso.com' }] },
          ],
        },
      ],
    ]);
  });
});

test.each(['okta-aiw', 'okta-oin', 'scim11'])(
  '%s: what the directory lacks stays as the target has it',
  async (client) => {
    const mapping = (client === 'scim11' ? SCIM_1_MAPPING : DEFAULT_MAPPING).replace(
      '{ to: title, from: jobTitle }',
      `{ to: title, from: jobTitle }\n      - { to: nickName, expr: 'Trim(" ")' }\n      - { to: locale, from: preferredLanguage }`,
    );
    world = await open(client, { mapping });
    await world.cycle();
    Object.assign(world.resources.get('Users/1') ?? {}, { nickName: 'Annie', locale: 'de' });
    Object.assign(user(world.directory, 'ana'), { jobTitle: 'Lead', preferredLanguage: '' });
    const [[line, body] = []] = writes(await world.cycle());
    expect(line).toBe('PUT /scim/Users/1');
    expect(body).toMatchObject({ title: 'Lead', nickName: 'Annie', locale: 'de' });
  },
);

describe('okta-aiw', () => {
  test('writes whole resources to switch off, and whole groups', async () => {
    world = await open('okta-aiw');
    const first = await world.cycle();
    // Without externalId (scim-wire.md 11.2), which the default mapping has for Entra.
    expect(writes(first).find(([line]) => line === 'POST /scim/Groups')).toEqual([
      'POST /scim/Groups',
      { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Staff', members: [] },
    ]);
    expect(writes(first).at(-1)).toEqual([
      'PUT /scim/Groups/4',
      expect.objectContaining({ displayName: 'Staff', members: [{ value: '3', display: 'cia@contoso.com' }] }),
    ]);
    unassign(world.directory, 'ana');
    const off = await world.cycle();
    expect(writes(off)).toEqual([
      ['PUT /scim/Users/1', expect.objectContaining({ userName: 'ana@contoso.com', active: false })],
    ]);
  });
});

const SCIM_1_MAPPING = DEFAULT_MAPPING.replaceAll(
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:',
  'urn:scim:schemas:extension:enterprise:1.0:',
).replace(':1.0:manager', ':1.0:manager.managerId');

describe('scim11', () => {
  test('creates with 1.0 schemas and media type, updates by PUT without id and meta', async () => {
    world = await open('scim11', { mapping: SCIM_1_MAPPING });
    user(world.directory, 'ana').department = 'Sales';
    const sent = await world.cycle();
    const create = sent.find(({ line }) => line === 'POST /scim/Users');
    expect(create?.headers.get('content-type')).toBe('application/json');
    expect(create?.headers.get('user-agent')).toBe('scimulate');
    expect(create?.body).toMatchObject({
      schemas: ['urn:scim:schemas:core:1.0', 'urn:scim:schemas:extension:enterprise:1.0'],
      'urn:scim:schemas:extension:enterprise:1.0': { department: 'Sales' },
    });
    user(world.directory, 'ana').department = 'IT';
    const [[line, body] = []] = writes(await world.cycle());
    expect(line).toBe('PUT /scim/Users/1');
    expect(body).toMatchObject({ 'urn:scim:schemas:extension:enterprise:1.0': { department: 'IT' }, active: true });
    expect(body).not.toHaveProperty('id');
    expect(body).not.toHaveProperty('meta');
  });

  test('sets and clears a manager by PUT of what the target holds', async () => {
    world = await open('scim11', { mapping: SCIM_1_MAPPING });
    user(world.directory, 'ben').manager = 'ana';
    expect(writes(await world.cycle())).toContainEqual([
      'PUT /scim/Users/2',
      expect.objectContaining({ 'urn:scim:schemas:extension:enterprise:1.0': { manager: { managerId: '1' } } }),
    ]);
  });

  test('a mapped manager without a name for its id goes out as managerId, and is read as that', async () => {
    const bare = SCIM_1_MAPPING.replace('manager.managerId', 'manager');
    world = await open('scim11', { mapping: bare });
    user(world.directory, 'ben').manager = 'ana';
    expect(writes(await world.cycle())).toContainEqual([
      'PUT /scim/Users/2',
      expect.objectContaining({ 'urn:scim:schemas:extension:enterprise:1.0': { manager: { managerId: '1' } } }),
    ]);
    user(world.directory, 'ben').jobTitle = 'Lead';
    expect(writes(await world.cycle()).map(([line]) => line)).toEqual(['PUT /scim/Users/2']);
    user(world.directory, 'ben').manager = null;
    const [[, cleared] = []] = writes(await world.cycle());
    // A target that merges would keep what is merely left out.
    expect(cleared).toMatchObject({ 'urn:scim:schemas:extension:enterprise:1.0': { manager: null } });
  });

  test('writes members as a partial group', async () => {
    world = await open('scim11', { mapping: SCIM_1_MAPPING });
    await world.cycle();
    const [group] = world.directory.groups;
    if (group !== undefined) group.members = ['ben'];
    expect(writes(await world.cycle())).toEqual([
      [
        'PATCH /scim/Groups/4',
        { schemas: ['urn:scim:schemas:core:1.0'], members: [{ value: '2' }, { value: '3', operation: 'delete' }] },
      ],
    ]);
  });
});

describe('entra-flag and entra-2018', () => {
  test('the flag is forced on', async () => {
    world = await open('entra-flag');
    await world.cycle();
    unassign(world.directory, 'ana');
    expect(writes(await world.cycle())[0]?.[1]).toMatchObject({
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });
  });

  test('extension paths have a dot after the URN, and /scim is appended', async () => {
    world = await open('entra-2018', { target: { url: 'http://127.0.0.1:9/' } });
    expect(lines(await world.cycle())[0]).toMatch(/^GET \/scim\/Users\?/);
    user(world.directory, 'ana').department = 'IT';
    expect(writes(await world.cycle())[0]?.[1]).toMatchObject({
      Operations: [
        { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department', value: 'IT' },
      ],
    });
  });
});

describe('options', () => {
  test('relinkOnConflict takes over the one account that a refused create finds (scim-wire.md 5.3)', async () => {
    world = await open('entra', { target: { relinkOnConflict: true }, hidden: ['ana@contoso.com'] });
    const sent = await world.cycle();
    expect(lines(sent).filter((line) => line.includes('ana%40contoso.com'))).toHaveLength(2);
    expect(writes(sent)).toContainEqual(['PATCH /scim/Users/h0', expect.anything()]);
    expect(await world.counts()).toMatchObject({ created: 3, updated: 1, failed: 0 });
  });

  test('referenceProbe asks before a manager is written, and writes nothing that is held (4.4)', async () => {
    world = await open('entra', { target: { referenceProbe: true } });
    await world.cycle();
    user(world.directory, 'ben').manager = 'ana';
    const sent = await world.cycle();
    expect(lines(sent).join('\n')).toContain('GET /scim/Users?attributes=id&filter=id+eq+%222%22+and+urn');
  });

  test('flowNullValues clears what became empty (6.7)', async () => {
    world = await open('entra', { target: { flowNullValues: true } });
    await world.cycle();
    delete user(world.directory, 'ana').jobTitle;
    expect(writes(await world.cycle())).toEqual([
      ['PATCH /scim/Users/1', expect.objectContaining({ Operations: [{ op: 'Remove', path: 'title' }] })],
    ]);
  });

  test('flowNullValues in a whole resource is null within an extension: a target that merges clears by it', async () => {
    world = await open('okta-oin', { target: { flowNullValues: true } });
    user(world.directory, 'ana').department = 'Sales';
    await world.cycle();
    delete user(world.directory, 'ana').department;
    const [[line, body] = []] = writes(await world.cycle());
    expect(line).toBe('PUT /scim/Users/1');
    expect(body).toMatchObject({ 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: null } });
  });
});
