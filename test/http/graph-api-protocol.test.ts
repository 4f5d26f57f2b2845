/** Spellings, headers, errors, callers and principals of the management API (graph-api.md 1, 2, 12.3; gallery.md GC-30, WM-13, WM-S13). */
import { type RequestOptions, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import {
  ADMIN_KEY,
  API,
  GLOBAL_KEY,
  type GraphWorld,
  GUEST_KEY,
  OWNER_KEY,
  openGraphWorld,
  SYNC_KEY,
} from '../support/graph-world.ts';
import { aUser, everyone } from '../support/world.ts';

let world: GraphWorld;
let jobId: string;

beforeAll(async () => {
  const applications = [
    { name: 'app', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] },
    { name: 'other', roles: [], assignments: [] },
  ];
  world = await openGraphWorld({ directory: { ...everyone([aUser('u1')]), applications } });
  jobId = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id;
});

afterAll(() => world.close());

describe('one resource under every spelling', () => {
  const spellings = (sp: string, appId: string, job: string): readonly string[] => [
    `/v1.0/servicePrincipals/${sp}/synchronization/jobs/${job}`,
    `/v1.0/servicePrincipals/${sp}/synchronization/jobs/${job}/`,
    `/beta/servicePrincipals('${sp}')/synchronization/jobs('${job}')`,
    `/v1.0/servicePrincipals%28%27${sp}%27%29/synchronization/jobs/${job}`,
    `/v1.0/servicePrincipals(appId='${appId}')/synchronization/jobs/${job}`,
    `/V1.0/SERVICEPRINCIPALS/${sp.toUpperCase()}/Synchronization/Jobs/${job.toUpperCase()}`,
    `/v1.0//servicePrincipals/${sp}/synchronization/jobs/${job}`,
    `/beta/http://127.0.0.1:9464/v1.0/servicePrincipals/${sp}/synchronization/jobs/${job}`,
  ];

  test('gives the same job', async () => {
    const { json } = await world.call('GET', `/v1.0/servicePrincipals/${world.principal()}`);
    for (const path of spellings(world.principal(), json.appId, jobId)) {
      const answer = await world.call('GET', path);
      expect([path, answer.status, answer.json.id]).toEqual([path, 200, jobId]);
    }
  });

  test.each(['microsoft.graph.pause', 'pause()', 'microsoft.graph.pause()', 'PAUSE/'])('action %s', async (action) => {
    expect((await world.call('POST', `${world.sync()}/jobs/${jobId}/${action}`)).status).toBe(204);
  });

  test('405 names what is possible', async () => {
    const { status, headers } = await world.call('DELETE', `${world.sync()}/jobs`);
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('jobs take $filter and $select', async () => {
    const jobs = async (query: string) => world.call('GET', `${world.sync()}/jobs?${query}`);
    const ids = async (query: string) => (await jobs(query)).json.value.map(({ id }: { id: string }) => id);
    expect(await ids(`$filter=id eq '${jobId}'`)).toEqual([jobId]);
    expect(await ids("$filter=templateId eq 'nothing'")).toEqual([]);
    expect((await jobs('$filter=shoeSize eq 3')).status).toBe(400);
    expect((await jobs('$select=id')).json.value).toEqual([{ id: jobId }]);
  });

  test('query options in any case and encoding', async () => {
    for (const query of ['$select=id', '%24select=id', '$SELECT=Id']) {
      const { json } = await world.call('GET', `/v1.0/servicePrincipals?${query}`);
      expect(Object.keys(json.value[0])).toEqual(['id']);
    }
  });
});

describe('answers', () => {
  test('carry the ids of the request, and an OData content type', async () => {
    const own = await world.call('GET', '/v1.0/servicePrincipals', undefined, {
      headers: { 'client-request-id': 'my-request' },
    });
    expect(own.headers.get('client-request-id')).toBe('my-request');
    expect(own.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(own.headers.get('content-type')).toMatch(/^application\/json;odata\.metadata=minimal;/);
    const other = await world.call('GET', '/v1.0/servicePrincipals');
    expect(other.headers.get('client-request-id')).toBe(other.headers.get('request-id'));
  });

  test('an error has code, message, and an inner error with a date without zone', async () => {
    const { status, json, headers } = await world.call('GET', `${world.sync()}/jobs/nothing`);
    expect(status).toBe(404);
    expect(json.error).toEqual({
      code: 'ResourceNotFound',
      message: expect.stringContaining("'nothing'"),
      innerError: {
        date: world.clock.now().slice(0, 19),
        'request-id': headers.get('request-id'),
        'client-request-id': headers.get('client-request-id'),
      },
    });
  });

  test('/healthz stays as it was, and other paths are nobody’s', async () => {
    expect((await world.call('GET', '/healthz')).json).toMatchObject({ formatVersion: 1 });
    expect((await world.call('GET', '/v2.0/servicePrincipals')).status).toBe(404);
  });
});

describe('what cannot be done', () => {
  test.each([
    [
      'an unknown principal',
      'GET',
      '/v1.0/servicePrincipals/none/synchronization/jobs',
      404,
      'Request_ResourceNotFound',
    ],
    ['an unknown path', 'GET', '/v1.0/nothing', 404, 'ResourceNotFound'],
    ['a method that is not there', 'PUT', '/v1.0/servicePrincipals', 405, 'Request_BadRequest'],
    ['a resource that is not simulated', 'GET', '/v1.0/users', 501, 'NotImplemented'],
    ['a broken percent-encoding', 'GET', '/v1.0/servicePrincipals/%zz', 400, 'BadRequest'],
    [
      'a filter on a property that is not there',
      'GET',
      "/v1.0/servicePrincipals?$filter=shoe eq 'x'",
      400,
      'Request_UnsupportedQuery',
    ],
    ['a filter that cannot be read', 'GET', '/v1.0/servicePrincipals?$filter=id eq', 400, 'BadRequest'],
    ['a $top that is no number', 'GET', '/v1.0/servicePrincipals?$top=many', 400, 'BadRequest'],
  ] as const)('%s', async (_name, method, path, status, code) => {
    const answer = await world.call(method, path);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });

  test.each(["templates?$filter=id eq 'scim'", "jobs/$count?$filter=id eq 'x'", 'jobs?$orderby=id'])(
    'what would be left out of %s is refused',
    async (path) => {
      const { status, json } = await world.call('GET', `${world.sync()}/${path}`);
      expect([status, json.error.code]).toEqual([400, 'Request_UnsupportedQuery']);
    },
  );

  test.each(['', '/schema'])('PATCH of a job%s answers as the real service does', async (part) => {
    const { status, json } = await world.call('PATCH', `${world.sync()}/jobs/${jobId}${part}`, {});
    expect([status, json.error.code]).toEqual([404, 'UnknownError']);
    expect(JSON.parse(json.error.message).Message).toMatch(/^No HTTP resource was found that matches the request URI/);
  });

  test('a body that is no JSON, of another type, or an array', async () => {
    const path = `${world.sync()}/jobs`;
    const unquoted = await world.call('POST', path, undefined, { text: '{templateId: "scim"}' });
    expect([unquoted.status, unquoted.json.error.code]).toEqual([400, 'BadRequest']);
    const xml = await world.call('POST', path, undefined, { text: '<a/>', headers: { 'content-type': 'text/xml' } });
    expect(xml.status).toBe(400);
    expect((await world.call('POST', path, [])).status).toBe(400);
  });
});

describe('callers', () => {
  test('without a known key: 401, whatever the path', async () => {
    for (const key of ['', 'wrong-key-0123456789abcdef']) {
      const { status, json } = await world.call('GET', `${world.sync()}/jobs`, undefined, { key });
      expect([status, json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    }
  });

  test('WM-13, WM-S13: without Directory.ReadWrite.All jobs are not listed, deleted or created, and nothing changes', async () => {
    const asked = { key: SYNC_KEY };
    const answers = [
      await world.call('GET', `${world.sync()}/jobs`, undefined, asked),
      await world.call('DELETE', `${world.sync()}/jobs/${jobId}`, undefined, asked),
      await world.call('POST', `${world.sync()}/jobs`, { templateId: 'scim' }, asked),
    ];
    for (const { status, json } of answers) {
      expect([status, json.error.code]).toEqual([403, 'Authorization_RequestDenied']);
      expect(json.error.message).toContain('Insufficient privileges to complete the operation.');
      expect(json.error.message).toContain('Directory.ReadWrite.All');
    }
    expect((await world.call('GET', `${world.sync()}/jobs`)).json.value.map(({ id }: { id: string }) => id)).toEqual([
      jobId,
    ]);
    // What synchronization permissions are enough for.
    expect((await world.call('GET', `${world.sync()}/jobs/${jobId}`, undefined, asked)).status).toBe(200);
    expect((await world.call('GET', '/v1.0/auditLogs/provisioning', undefined, asked)).status).toBe(403);
  });

  test('GC-30: managing takes a role', async () => {
    const guest = await world.call('GET', `${world.sync()}/jobs`, undefined, { key: GUEST_KEY });
    expect([guest.status, guest.json.error.code]).toEqual([403, 'Authorization_RequestDenied']);
    expect(guest.json.error.message).toContain('Cloud Application Administrator');
    expect((await world.call('GET', `${world.sync()}/jobs`, undefined, { key: GLOBAL_KEY })).status).toBe(200);
  });

  test('GC-30: an owner manages the applications of their own', async () => {
    const ask = (application: string) =>
      world.call('GET', `${world.sync(application)}/jobs`, undefined, { key: OWNER_KEY });
    expect((await ask('app')).status).toBe(200);
    expect((await ask('other')).status).toBe(403);
  });
});

describe('WA-08: Global Administrator', () => {
  test.each([
    ['FacebookWorkAccounts', 201],
    ['FacebookWorkplace', 403],
    ['MetaNetworksConnector', 403],
  ])('of %s: %i', async (templateId, status) => {
    const path = `${world.sync('other')}/jobs`;
    const { json, ...answer } = await world.call('POST', path, { templateId }, { key: GLOBAL_KEY });
    expect(answer.status).toBe(status);
    if (status === 201) await world.call('DELETE', `${path}/${json.id}`);
  });
});

describe('service principals', () => {
  test('one per application, with its roles', async () => {
    const { json } = await world.call('GET', '/v1.0/servicePrincipals');
    expect(json['@odata.context']).toBe('http://127.0.0.1:9464/v1.0/$metadata#servicePrincipals');
    expect(json.value.map(({ displayName }: { displayName: string }) => displayName)).toEqual(['app', 'other']);
    expect(json.value[0]).toMatchObject({
      id: world.principal(),
      servicePrincipalType: 'Application',
      appRoles: [{ displayName: 'User', isEnabled: true, allowedMemberTypes: ['User'] }],
    });
    expect(json.value[0].appId).not.toBe(json.value[0].id);
  });

  test.each([
    ["displayName eq 'OTHER'", ['other']],
    ["startswith(displayName,'a')", ['app']],
    ["displayName eq 'app' or displayName eq 'other'", ['app', 'other']],
    ["tags/any(t:t eq 'WindowsAzureActiveDirectoryIntegratedApp')", ['app', 'other']],
    ["not (displayName eq 'app')", ['other']],
    ["displayName eq 'O''Neill'", []],
  ])('$filter=%s', async (filter, names) => {
    const { status, json } = await world.call('GET', `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`);
    expect(status).toBe(200);
    expect(json.value.map(({ displayName }: { displayName: string }) => displayName)).toEqual(names);
  });

  test('by id and appId, as scripts ask; paged by $top', async () => {
    const one = await world.call('GET', `/v1.0/servicePrincipals/${world.principal('other')}?$select=id,displayName`);
    expect(one.json).toEqual({
      '@odata.context': 'http://127.0.0.1:9464/v1.0/$metadata#servicePrincipals/$entity',
      id: world.principal('other'),
      displayName: 'other',
    });
    const first = await world.call('GET', '/v1.0/servicePrincipals?$top=1&$select=displayName');
    const { pathname, search } = new URL(first.json['@odata.nextLink']);
    const second = await world.call('GET', `${pathname}${search}`);
    expect(second.json.value).toEqual([{ displayName: 'other' }]);
    expect(second.json).not.toHaveProperty('@odata.nextLink');
  });
});

/** As scripts send it: fetch cannot have a body in a GET. */
function send(
  url: string,
  options: RequestOptions,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...options.headers, 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, { ...options, headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('over a socket: a GET with a body, and a POST without a content type', async () => {
  const server = await serveApp({ handle: world.handle });
  const jobs = `${server.url}${world.sync('other')}/jobs/`;
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const listed = await send(jobs, { method: 'GET', headers }, '{"templateId": "scim"}');
  expect([listed.status, JSON.parse(listed.text).value]).toEqual([200, []]);
  const created = await send(jobs, { method: 'POST', headers }, '{"templateId": "scim", "unknown": 1}');
  expect(created.status).toBe(201);
  const { id } = JSON.parse(created.text);
  const deleted = await send(`${jobs}${id}`, { method: 'DELETE', headers }, '');
  expect([deleted.status, deleted.text]).toEqual([204, '']);
  expect(world.notes.slice(-2)).toEqual([
    `changed through the API: admin: POST servicePrincipals/${world.principal('other')}/synchronization/jobs`,
    `changed through the API: admin: DELETE servicePrincipals/${world.principal('other')}/synchronization/jobs/${id}`,
  ]);
  await server.close();
});

test('publicUrl starts contexts and links', async () => {
  const behind = await openGraphWorld({ configuration: { api: { ...API, publicUrl: 'https://idm.contoso.com/' } } });
  const { json } = await behind.call('GET', '/beta/servicePrincipals');
  expect(json['@odata.context']).toBe('https://idm.contoso.com/beta/$metadata#servicePrincipals');
  await behind.close();
});
