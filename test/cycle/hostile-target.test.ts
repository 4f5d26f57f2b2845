/** Answers that want to hurt, in a whole cycle: only that object fails, the others are provisioned (docs/security.md). */
import { afterEach, describe, expect, test } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

let world: World | undefined;
let served: ServedApp | undefined;
afterEach(async () => {
  await world?.close();
  await served?.close();
});

const LIST = '"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]';
const BOUND = 1_000_000;
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';

/** What the matching query of a victim is answered, and the code of its failure. */
const READS: Readonly<Record<string, readonly [body: string, code: string]>> = {
  'ten megabytes': [`{${LIST},"totalResults":0,"x":"${'x'.repeat(10 * 1_048_576)}"}`, INCOMPATIBLE],
  'a hundred thousand levels': [`{${LIST},"totalResults":0,"x":${deep(100_000)}}`, INCOMPATIBLE],
  'a hundred thousand levels that never close': [`{${LIST},"x":${'{"a":'.repeat(100_000)}`, INCOMPATIBLE],
  HTML: ['<html><script>alert(1)</script></html>', INCOMPATIBLE],
  nothing: ['', INCOMPATIBLE],
  'a text': ['"text"', INCOMPATIBLE],
  null: ['null', INCOMPATIBLE],
  'a list': ['[]', INCOMPATIBLE],
  'a resource instead of a list': ['{"id":"1","userName":"x"}', INCOMPATIBLE],
  'Resources of another type': [`{${LIST},"Resources":"none"}`, INCOMPATIBLE],
  'entries that are no resources': [`{${LIST},"totalResults":2,"Resources":[null,5]}`, INCOMPATIBLE],
  'a count without entries': [`{${LIST},"totalResults":3,"Resources":[]}`, INCOMPATIBLE],
  'an id that is an object': [`{${LIST},"Resources":[{"id":{"toString":1},"userName":"x"}]}`, INCOMPATIBLE],
  'an attribute with a toString of its own': [
    `{${LIST},"Resources":[{"id":"1","userName":{"toString":1}}]}`,
    'FilterIgnored',
  ],
  'somebody else': [`{${LIST},"Resources":[{"id":"1","userName":"root"}]}`, 'FilterIgnored'],
};

/** What the create of a victim is answered. */
const CREATES: Readonly<Record<string, readonly [body: string, code: string]>> = {
  'create: no id': ['{"userName":"x"}', 'ResourceWithoutIdentifier'],
  'create: an id that is an object': ['{"id":{"toString":1,"valueOf":1}}', 'ResourceWithoutIdentifier'],
  'create: an id in the prototype': ['{"__proto__":{"id":"1"}}', 'ResourceWithoutIdentifier'],
  'create: nothing': ['', 'ResourceWithoutIdentifier'],
  'create: too deep': [`{"id":"1","x":${deep(1000)}}`, INCOMPATIBLE],
  'create: too long': [`{"id":"1","x":"${'x'.repeat(BOUND)}"}`, INCOMPATIBLE],
};

/** A target that is good to everybody but those in `hostile`, by user name. */
async function openHostile(
  hostile: ReadonlyMap<string, string>,
  users: readonly Record<string, unknown>[],
): Promise<World> {
  const app = createScimApp({ token: TOKEN });
  served = await serveApp({
    handle: async (request) => {
      const text = request.method === 'GET' ? decodeURIComponent(request.url) : await request.clone().text();
      const [, name = ''] = /"(\w+)@contoso\.com"/.exec(text) ?? [];
      const body = hostile.get(`${request.method} ${name}`);
      if (body === undefined) return app.handle(request);
      return new Response(body, { status: 200, headers: { 'content-type': 'application/scim+json' } });
    },
  });
  world = await openWorld({
    directory: everyone([...users]),
    targetUrl: `${served.url}/scim`,
    target: { maxResponseBytes: BOUND },
  });
  return world;
}

test('every kind of answer to a read or a create fails its own object alone', async () => {
  const reads = Object.entries(READS).map(([name, [body, code]], index) => ({
    id: `r${index}`,
    name,
    body,
    code,
    method: 'GET',
  }));
  const creates = Object.entries(CREATES).map(([name, [body, code]], index) => ({
    id: `c${index}`,
    name,
    body,
    code,
    method: 'POST',
  }));
  const victims = [...reads, ...creates];
  const opened = await openHostile(new Map(victims.map(({ id, body, method }) => [`${method} ${id}`, body])), [
    ...victims.map(({ id }) => aUser(id)),
    aUser('honest1'),
    aUser('honest2'),
  ]);
  const began = performance.now();
  const trace = await opened.cycle();
  expect(trace.error).toBeUndefined();
  expect(trace.cycle.counts).toMatchObject({ created: 2, failed: victims.length });
  const codes = new Map(
    (await opened.logs()).map((record) => [
      record.sourceIdentity.id,
      record.provisioningStatusInfo.errorInformation?.errorCode,
    ]),
  );
  for (const { id, name, code } of victims) expect(codes.get(id), name).toBe(code);
  expect(performance.now() - began).toBeLessThan(15_000);
  // Nothing of it is kept: the state stays as small as its objects.
  expect(JSON.stringify(await opened.logs()).length).toBeLessThan(victims.length * 10_000);
});

describe('a linked resource that comes back odd', () => {
  const odd = {
    id: 't1',
    displayName: { toString: 1, valueOf: 1 },
    title: [[[]]],
    name: [1, 2],
    emails: { type: 'work', value: { toString: 1 } },
    active: { valueOf: 'x' },
    manager: 5,
    schemas: 'none',
    constructor: { prototype: { polluted: true } },
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': 'text',
  };
  test.each([
    ['wrong types everywhere', JSON.stringify(odd)],
    [
      'keys that reach into prototypes',
      '{"id":"t1","__proto__":{"polluted":true},"\\u005f_proto__":{"polluted":true}}',
    ],
    ['emails that are no objects', '{"id":"t1","emails":[null,1,"x",[{}],{"type":{"toString":1}}]}'],
  ])('%s is compared and written over, or fails alone', async (_name, body) => {
    const app = createScimApp({ token: TOKEN, nextId: () => `t${++created}` });
    let created = 0;
    let hostile = false;
    served = await serveApp({
      handle: async (request) =>
        hostile && request.method === 'GET' && new URL(request.url).pathname.endsWith('/t1')
          ? new Response(body, { headers: { 'content-type': 'application/scim+json' } })
          : app.handle(request),
    });
    world = await openWorld({ targetUrl: `${served.url}/scim` });
    await world.cycle();
    hostile = true;
    for (const user of world.directory.users) user.displayName = 'Renamed';
    const trace = await world.cycle();
    expect(trace.error).toBeUndefined();
    expect(trace.cycle.counts.updated + trace.cycle.counts.failed).toBe(2);
    expect(app.state.users().find(({ id }) => id === 't2')?.displayName).toBe('Renamed');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test('pages without end are not read: a matching query is one request', async () => {
  const app = createScimApp({ token: TOKEN });
  let asked = 0;
  served = await serveApp({
    handle: async (request) => {
      if (!decodeURIComponent(request.url).includes('u1@contoso.com')) return app.handle(request);
      asked += 1;
      const page = { totalResults: 1e9, itemsPerPage: 1, startIndex: 1, nextLink: request.url };
      return Response.json({ ...page, Resources: [{ id: 'far', userName: 'u1@contoso.com' }] });
    },
  });
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')]), targetUrl: `${served.url}/scim` });
  const trace = await world.cycle();
  expect(trace.error).toBeUndefined();
  expect(asked).toBe(1);
  expect(trace.cycle.counts.created).toBe(1);
});

test.each([
  ['a hundred thousand levels', `{${LIST},"totalResults":0,"x":${deep(100_000)}}`, 'nests deeper than 64 levels'],
  ['ten megabytes', `{${LIST},"x":"${'x'.repeat(10 * 1_048_576)}"}`, `longer than ${BOUND} bytes`],
  ['wrong types', `{${LIST},"Resources":5}`, 'is no SCIM ListResponse'],
])('the test connection answered with %s ends the job with a word', async (_name, body, says) => {
  served = await serveApp({ handle: async () => new Response(body) });
  world = await openWorld({ targetUrl: `${served.url}/scim`, target: { maxResponseBytes: BOUND } });
  const trace = await world.cycle();
  expect(trace.error).toMatchObject({ category: 'job', message: expect.stringContaining(says) as string });
  expect(trace.job.quarantine?.reason).toBe('EncounteredQuarantineException');
});

describe.each([304, 307])('one answer of %i fails its object, and nothing else', (status) => {
  const fault = { kind: 'status', status, headers: { location: 'https://elsewhere.example/x' } } as const;

  test.each([
    ['a write', { method: 'PATCH' }],
    ['the read of a user', { method: 'GET', path: '/Users/t1' }],
    ['the read of a group', { method: 'GET', path: '/Groups/t3' }],
    ['a matching query', { method: 'GET', path: 'new@contoso.com' }],
  ])('%s', async (_name, match) => {
    world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2')], [{ id: 'g1', displayName: 'Staff' }]) });
    await world.cycle();
    world.inject({ match, times: 1, fault });
    for (const user of world.directory.users) user.jobTitle = 'Boss';
    for (const group of world.directory.groups) group.mailNickname = 'staff';
    world.directory.users.push(aUser('new'));
    world.directory.applications[0]?.assignments.push({ user: 'new', role: 'User' });
    const { error, cycle, job, escrows } = await world.cycle();
    expect(error).toBeUndefined();
    expect(cycle.counts).toMatchObject({ failed: 1 });
    expect(cycle.counts.updated + cycle.counts.created + cycle.counts.skipped).toBe(3);
    expect(escrows.objects).toBe(1);
    expect(job.status).toBe('Active');
  });

  test('of the test connection it ends the job', async () => {
    world = await openWorld();
    world.inject({ match: { method: 'GET' }, times: 1, fault });
    const { error, job } = await world.cycle();
    expect(error).toMatchObject({ category: 'job' });
    expect(job.quarantine?.reason).toBe('EncounteredQuarantineException');
  });
});
