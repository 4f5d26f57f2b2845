/** `/auditLogs/provisioning`: shape, filter grammar, order and paging (graph-api.md 11). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphWorld, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone } from '../support/world.ts';

let world: GraphWorld;
let jobId: string;
/** Instants of the two cycles. */
let first: string;
let second: string;

const USERS = 7;

beforeAll(async () => {
  const users = Array.from({ length: USERS }, (_, index) =>
    aUser(`u${index + 1}`, { displayName: `Person ${index + 1}` }),
  );
  world = await openGraphWorld({ directory: everyone(users) });
  world.inject({ match: { method: 'POST', path: '/Users' }, times: 1, fault: { kind: 'status', status: 500 } });
  await world.tick();
  first = world.clock.now();
  world.directory.users[1] = { ...world.directory.users[1], displayName: "Ann O'Neill" };
  await world.tick();
  second = world.clock.now();
  jobId = (await world.call('GET', `${world.sync()}/jobs`)).json.value[0].id;
});

afterAll(() => world.close());

type Entry = {
  readonly id: string;
  readonly activityDateTime: string;
  readonly sourceIdentity: { readonly id: string };
};

const ask = async (filter: string, more = '', version = 'v1.0') =>
  world.call('GET', `/${version}/auditLogs/provisioning?$filter=${encodeURIComponent(filter)}${more}`);
const sources = async (filter: string, version?: string): Promise<readonly string[]> => {
  const { status, json } = await ask(filter, '', version);
  expect([filter, status]).toEqual([filter, 200]);
  return json.value.map(({ sourceIdentity }: Entry) => sourceIdentity.id);
};

test('the structure of who began it is filtered by its name', async () => {
  const all = await sources(`jobId eq '${jobId}'`);
  expect(await sources("contains(initiatedBy, 'Provisioning Service')")).toEqual(all);
  expect(await sources("initiatedBy eq 'Nobody'")).toEqual([]);
});

describe('an entry', () => {
  test('has the members of v1.0, and no more', async () => {
    const { json } = await ask("sourceIdentity/id eq 'u2' and provisioningAction eq 'create'");
    expect(json['@odata.context']).toBe('http://127.0.0.1:9464/v1.0/$metadata#auditLogs/provisioning');
    const [entry] = json.value;
    expect(entry).toMatchObject({
      jobId,
      provisioningAction: 'create',
      servicePrincipal: { id: world.principal(), displayName: 'app' },
      initiatedBy: { initiatorType: 'system' },
      provisioningStatusInfo: { status: 'success', errorInformation: null },
    });
    expect(entry).not.toHaveProperty('action');
    expect(entry).not.toHaveProperty('statusInfo');
    const one = await world.call('GET', `/v1.0/auditLogs/provisioning/${entry.id}`);
    expect(one.json).toEqual({ '@odata.context': expect.stringMatching(/\$entity$/), ...entry });
  });

  test('in beta has the deprecated ones besides', async () => {
    const { json } = await ask("sourceIdentity/id eq 'u2' and action eq 'Create'", '', 'beta');
    expect(json.value[0]).toMatchObject({
      action: 'Create',
      provisioningAction: 'create',
      statusInfo: { '@odata.type': '#microsoft.graph.statusBase', status: 'success' },
    });
    const failed = await ask("statusInfo/status eq 'failure'", '', 'beta');
    expect(failed.json.value[0].statusInfo).toMatchObject({
      '@odata.type': '#microsoft.graph.statusDetails',
      errorCode: expect.any(String),
      errorCategory: expect.stringMatching(/^[A-Z]/),
    });
  });

  test('that is not there', async () => {
    const { status } = await world.call('GET', '/v1.0/auditLogs/provisioning/none');
    expect(status).toBe(404);
  });
});

describe('the query families of clients (graph-api.md 11.4)', () => {
  test('1: by part of the principal, between two days, newest first', async () => {
    const sp = world.principal();
    const between = 'activityDateTime gt 2026-01-01 and activityDateTime lt 2026-01-02';
    const filter = `((contains(tolower(servicePrincipal/id), '${sp}') or contains(tolower(servicePrincipal/displayName), '${sp}')) and ${between})`;
    const { json } = await ask(filter, '&$top=500&$orderby=activityDateTime desc');
    expect(json.value.length).toBeGreaterThan(USERS);
    expect(json.value[0].activityDateTime).toBe(second);
    expect(json.value.at(-1).activityDateTime).toBe(first);
    expect(await sources('activityDateTime gt 2026-01-02')).toEqual([]);
  });

  test('2: the newest cycle of a job, and the one before', async () => {
    const newest = await ask(`jobid eq '${jobId}'`, '&$top=1');
    expect(newest.json.value).toHaveLength(1);
    const { cycleId, activityDateTime } = newest.json.value[0];
    expect(activityDateTime).toBe(second);
    const before = await ask(`jobid eq '${jobId}' and cycleId ne '${cycleId}'`, '&$top=1');
    expect(before.json.value[0].activityDateTime).toBe(first);
  });

  test('3: since an instant, of one principal', async () => {
    expect(await sources(`activityDateTime ge ${first}`)).toHaveLength((await sources(`jobId eq '${jobId}'`)).length);
    const filter = `activityDateTime ge ${second} and servicePrincipal/id eq '${world.principal()}'`;
    expect(new Set(await sources(filter))).toEqual(new Set(['u1', 'u2']));
    expect(await sources(`activityDateTime gt ${second}`)).toEqual([]);
  });

  test('4: failures of a job, in beta', async () => {
    const filter = `jobid eq '${jobId}' and statusInfo/status eq 'failure' and activityDateTime ge 2022-10-10T09:47:34Z`;
    expect(await sources(filter, 'beta')).toHaveLength(1);
    const { status, json } = await ask(filter);
    expect([status, json.error.code]).toEqual([400, 'Request_UnsupportedQuery']);
  });

  test('5: one object of a job', async () => {
    expect(await sources(`jobid eq '${jobId}' and sourceIdentity/id eq 'u2'`)).toEqual(['u2', 'u2']);
  });
});

describe('the grammar', () => {
  test.each([
    ["sourceIdentity/displayName eq 'Ann O''Neill'", ['u2']],
    ["SOURCEIDENTITY/DisplayName eq 'Person 3'", ['u3']],
    ["sourceIdentity/displayName eq 'person 3'", []],
    ["startswith(sourceIdentity/displayName,'Person 3')", ['u3']],
    ["endswith(sourceIdentity/displayName, '4')", ['u4']],
    ["not (contains(sourceIdentity/id, 'u')) or sourceIdentity/id eq 'u5'", ['u5']],
    ["toupper(sourceIdentity/id) eq 'U6'", ['u6']],
    ["'u7' eq sourceIdentity/id", ['u7']],
    ["provisioningStatusInfo/status eq 'failure' and durationInMilliseconds ge 0 and not (id eq null)", 1],
    ["sourceIdentity/id eq 'u3' or sourceIdentity/id eq 'u4' and provisioningAction eq 'nothing'", ['u3']],
    ["(sourceIdentity/id eq 'u3' or sourceIdentity/id eq 'u4') and provisioningAction eq 'nothing'", []],
  ] as const)('%s', async (filter, expected) => {
    const found = await sources(filter);
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });

  test.each([
    ["shoeSize eq '3'", 'Request_UnsupportedQuery'],
    ["__proto__ eq 'x'", 'Request_UnsupportedQuery'],
    ["contains(constructor, 'x')", 'Request_UnsupportedQuery'],
    ["activityDateTime gt 'soon'", 'BadRequest'],
    ["durationInMilliseconds gt 'long'", 'BadRequest'],
    ['activityDateTime gt 2026-13-45', 'BadRequest'],
    ['activityDateTime gt 5', 'BadRequest'],
    ['durationInMilliseconds gt true', 'BadRequest'],
    ['jobId gt 5', 'BadRequest'],
    ["jobId eq 'x' and", 'BadRequest'],
    ["jobId eq 'x", 'BadRequest'],
    ["(jobId eq 'x'", 'BadRequest'],
    ["jobId like 'x'", 'BadRequest'],
    ['jobId', 'BadRequest'],
    [`${'('.repeat(5000)}`, 'BadRequest'],
  ])('%s is refused', async (filter, code) => {
    const { status, json } = await ask(filter);
    expect([status, json.error.code]).toEqual([400, code]);
  });

  test('blanks as %20 and as plus', async () => {
    for (const blank of ['%20', '+']) {
      const path = `/v1.0/auditLogs/provisioning/?$filter=sourceIdentity/id${blank}eq${blank}'u3'`;
      expect((await world.call('GET', path)).json.value).toHaveLength(1);
    }
  });

  test('an order that is not offered', async () => {
    const { status, json } = await world.call('GET', '/v1.0/auditLogs/provisioning?$orderby=jobId');
    expect([status, json.error.code]).toEqual([400, 'Request_UnsupportedQuery']);
  });
});

describe('paging', () => {
  test.each(['desc', 'asc'])('%s to the end, every entry once, options kept', async (direction) => {
    const all: Entry[] = [];
    let path: string | undefined =
      `/v1.0/auditLogs/provisioning?$filter=${encodeURIComponent(`jobId eq '${jobId}'`)}&$top=3&$orderby=activityDateTime ${direction}`;
    let pages = 0;
    while (path !== undefined) {
      const { json } = await world.call('GET', path);
      all.push(...json.value);
      pages += 1;
      const link: string | undefined = json['@odata.nextLink'];
      if (link !== undefined) {
        expect(link).toMatch(/^http:\/\/127\.0\.0\.1:9464\/v1\.0\/auditLogs\/provisioning\?/);
        expect(json.value).toHaveLength(3);
      }
      path = link?.replace('http://127.0.0.1:9464', '');
    }
    const total = (await sources(`jobId eq '${jobId}'`)).length;
    expect(new Set(all.map(({ id }) => id)).size).toBe(total);
    expect(all).toHaveLength(total);
    expect(pages).toBe(Math.ceil(total / 3));
    const times = all.map(({ activityDateTime }) => activityDateTime);
    expect(times).toEqual(direction === 'asc' ? times.toSorted() : times.toSorted().toReversed());
  });

  test('a token that was not given out', async () => {
    const { status } = await world.call('GET', '/v1.0/auditLogs/provisioning?$skiptoken=abc');
    expect(status).toBe(400);
  });
});
