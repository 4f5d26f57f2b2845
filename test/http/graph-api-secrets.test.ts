/** Secrets, switches and Test Connection over the management API (graph-api.md 7; gallery.md WM-17). */
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GraphWorld, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone, TOKEN } from '../support/world.ts';

let world: GraphWorld;
let job: string;

beforeEach(async () => {
  const applications = [
    { name: 'app', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] },
    { name: 'second', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] },
  ];
  world = await openGraphWorld({ directory: { ...everyone([aUser('u1'), aUser('u2')]), applications } });
  const { json } = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'scim' });
  job = `${world.sync('second')}/jobs/${json.id}`;
});

afterEach(() => world.close());

const put = (value: readonly object[], application = 'second') =>
  world.call('PUT', `${world.sync(application)}/secrets`, { value });
const get = async (application = 'second') =>
  (await world.call('GET', `${world.sync(application)}/secrets`)).json.value;
const settings = (value: object) => ({ key: 'SyncNotificationSettings', value: JSON.stringify(value) });
const complete = () => [
  { key: 'BaseAddress', value: world.targetUrl },
  { key: 'SecretToken', value: TOKEN },
];

describe('secrets', () => {
  test('come back as many as were put, sensitive ones as a star', async () => {
    expect((await put([...complete(), { key: 'SyncAll', value: 'false' }])).status).toBe(204);
    expect(await get()).toEqual([
      { key: 'BaseAddress', value: world.targetUrl },
      { key: 'SecretToken', value: '*' },
      { key: 'SyncAll', value: 'false' },
    ]);
    const count = await world.call('GET', `${world.sync('second')}/secrets/$count`);
    expect([count.headers.get('content-type'), count.text]).toEqual(['text/plain;charset=utf-8', '3']);
  });

  test('PUT replaces the whole set; empty values are dropped', async () => {
    await put(complete());
    await put([{ key: 'BaseAddress', value: world.targetUrl }]);
    expect(await get()).toEqual([{ key: 'BaseAddress', value: world.targetUrl }]);
    await put([{ key: 'BaseAddress', value: '' }]);
    expect(await get()).toEqual([]);
  });

  test('make a job configured, and lack of them unconfigures it', async () => {
    await put(complete());
    expect((await world.call('GET', job)).json.status.code).toBe('NotRun');
    await put([]);
    expect((await world.call('GET', job)).json.status.code).toBe('NotConfigured');
  });

  test('as PowerShell and scripts send them: other casing, "credentials", an object for a text', async () => {
    const body = {
      Credentials: [
        { Key: 'baseaddress', Value: world.targetUrl },
        { Key: 'SyncNotificationSettings', Value: { Enabled: true, Recipients: 'ops@contoso.com' } },
      ],
    };
    expect((await world.call('PUT', `${world.sync('second')}/secrets`, body)).status).toBe(204);
    expect(await get()).toEqual([
      { key: 'BaseAddress', value: world.targetUrl },
      { key: 'SyncNotificationSettings', value: '{"Enabled":true,"Recipients":"ops@contoso.com"}' },
    ]);
  });

  test.each([
    ['a key that does not exist', [{ key: 'NotificationEmail', value: 'x' }], 'BadRequest'],
    ['an address that is none', [{ key: 'BaseAddress', value: 'app.example.com' }], 'BadRequest'],
    ['settings that are no JSON', [{ key: 'SyncNotificationSettings', value: 'yes' }], 'BadRequest'],
    ['a threshold that is none', [settings({ DeleteThresholdValue: -5 })], 'BadRequest'],
    ['a guard that is neither on nor off', [settings({ deleteThresholdEnabled: 'nope' })], 'BadRequest'],
    ['recipients that are no text', [settings({ Recipients: ['ops@contoso.com'] })], 'BadRequest'],
    ['a scope that is neither', [{ key: 'SyncAll', value: 'maybe' }], 'BadRequest'],
    ['an entry without a key', [{ value: 'x' }], 'RequestParameterMissing'],
  ])('%s is refused, and the old set stays', async (_name, value, code) => {
    await put(complete());
    const { status, json } = await put(value);
    expect([status, json.error.code]).toEqual([400, code]);
    expect(await get()).toHaveLength(2);
  });

  test('a star is taken literally, with a warning', async () => {
    await put([{ key: 'SecretToken', value: '*' }]);
    expect(world.warnings).toEqual(['secret set to a star, as GET masks it']);
  });

  test('of a job of the file are its own, until others are put; then those count', async () => {
    expect(await get('app')).toEqual([
      { key: 'BaseAddress', value: world.targetUrl },
      { key: 'SecretToken', value: '*' },
    ]);
    await put([{ key: 'SecretToken', value: 'wrong' }], 'app');
    const { app } = await world.tick();
    expect(app?.error?.message).toMatch(/401|Unauthorized|unauthorized|refused/);
    await put([], 'app');
    world.clock.advance(1000);
    await world.call('POST', `${world.sync()}/jobs/${app?.job.jobId}/start`);
    expect((await world.tick()).app?.cycle.state).toBe('Succeeded');
  });
});

describe('where secrets are kept', () => {
  test('in a file for the owner alone, not in the state, and in no answer or warning', async () => {
    const token = 'a-very-secret-token';
    await put([...complete().slice(0, 1), { key: 'SecretToken', value: token }]);
    await world.call('POST', `${job}/start`);
    await world.tick();
    const folder = join(world.folder, 'state.db.secrets');
    const [file = ''] = await readdir(folder);
    expect(file).toBe(`${world.principal('second')}.json`);
    const modes = [await stat(folder), await stat(join(folder, file))].map(({ mode }) => mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
    for (const name of (await readdir(world.folder)).filter(
      (one) => one.startsWith('state.db') && !one.endsWith('s'),
    )) {
      expect((await readFile(join(world.folder, name))).includes(token)).toBe(false);
    }
    const shown = [await world.call('GET', job), await world.call('GET', `${world.sync('second')}/secrets`)];
    expect(shown.map(({ text }) => text).join('')).not.toContain(token);
  });

  test('a file that others can read is refused until it is closed again', async () => {
    await put(complete());
    await world.look();
    const path = join(world.folder, 'state.db.secrets', `${world.principal('second')}.json`);
    await chmod(path, 0o644);
    const open = await world.look();
    expect(open.refused?.[0]?.code).toBe('secrets-exposed');
    expect(open.refused?.[0]?.summary).toContain('chmod 600');
    await chmod(path, 0o600);
    expect((await world.look()).refused).toBeUndefined();
  });
});

describe('switches', () => {
  // One job at the target, so that its cycles are the only ones that write.
  beforeEach(async () => {
    await (await world.look()).engine.pause('app');
  });

  test('SyncAll brings everybody into scope with an initial cycle', async () => {
    await put(complete());
    await world.call('POST', `${job}/start`);
    expect((await world.tick()).second?.cycle.counts.created).toBe(1);
    await put([...complete(), { key: 'SyncAll', value: 'True' }]);
    const { second } = await world.tick();
    expect(second?.cycle).toMatchObject({ kind: 'initial', counts: { created: 1 } });
  });

  test('SyncAll is refused where the application or the mapping knows assigned users only', async () => {
    const schema = (await world.call('GET', `${job}/schema`)).json;
    const row = schema.synchronizationRules[0].objectMappings[0].attributeMappings[2];
    row.source = { type: 'Function', expression: 'SingleAppRoleAssignment([appRoleAssignments])' };
    // Definitions are made from the rows.
    schema.directories = [];
    expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
    const all = { key: 'SyncAll', value: 'true' };
    const byRole = await put([...complete(), all]);
    expect([byRole.status, byRole.json.error.message]).toEqual([
      400,
      expect.stringContaining('SingleAppRoleAssignment'),
    ]);
    await world.call('DELETE', job);
    await put([...complete(), all]);
    const { json } = await world.call('POST', `${world.sync('second')}/jobs`, { templateId: 'scim' });
    const path = `${world.sync('second')}/jobs/${json.id}/schema`;
    const refused = await world.call('PUT', path, { ...schema, id: undefined });
    expect(refused.json.error.details.map(({ code }: { code: string }) => code)).toEqual(['roles-need-assignments']);
    await put([all]);
    await world.call('DELETE', `${world.sync('second')}/jobs/${json.id}`);
    const { json: old } = await world.call('POST', `${world.sync('second')}/jobs`, {
      templateId: 'FacebookAtWorkOutDelta',
    });
    await put([{ key: 'BaseAddress', value: 'https://www.facebook.com/company/1000000001/scim/' }]);
    const company = await put([
      { key: 'BaseAddress', value: 'https://www.facebook.com/company/1000000001/scim/' },
      all,
    ]);
    expect([old.templateId, company.status]).toEqual(['FacebookAtWorkOutDelta', 400]);
  });

  test('the deletion threshold holds deprovisions', async () => {
    const settings = { DeleteThresholdEnabled: 'true', DeleteThresholdValue: 0 };
    await put([...complete(), { key: 'SyncNotificationSettings', value: JSON.stringify(settings) }]);
    await world.call('POST', `${job}/start`);
    await world.tick();
    world.directory.applications = [{ name: 'second', roles: ['User'], assignments: [] }];
    const { second } = await world.tick();
    expect(second?.job.quarantine?.reason).toBe('TooManyDeletes');
  });

  test('SkipOutOfScopeDeletions leaves who goes out of scope', async () => {
    await put([...complete(), { key: 'SkipOutOfScopeDeletions', value: 'True' }]);
    await world.call('POST', `${job}/start`);
    await world.tick();
    world.directory.applications = [{ name: 'second', roles: ['User'], assignments: [] }];
    const { second } = await world.tick();
    expect(second?.cycle.counts).toMatchObject({ disabled: 0, deleted: 0 });
  });
});

describe('validateCredentials', () => {
  const validate = (body: object, path = job) => world.call('POST', `${path}/validateCredentials`, body);

  test('good ones: 204, one question for a user who cannot exist', async () => {
    const before = world.app.requests.length;
    expect((await validate({ useSavedCredentials: 'false', credentials: complete() })).status).toBe(204);
    const asked = world.app.requests.slice(before).map(({ method, url }) => `${method} ${url}`);
    expect(asked[0]).toMatch(/^GET \/Users\?filter=userName\+eq\+/);
    expect(world.app.state.users()).toEqual([]);
    // Nothing was saved.
    expect((await world.call('GET', job)).json.status.code).toBe('NotConfigured');
  });

  test.each([
    ['none', () => [], 'SystemForCrossDomainIdentityManagementInvalidCredentials'],
    [
      'no URL',
      () => [{ key: 'SecretToken', value: TOKEN }],
      'SystemForCrossDomainIdentityManagementInvalidCredentials',
    ],
    [
      'a wrong token',
      () => [complete()[0], { key: 'SecretToken', value: 'wrong' }],
      'SystemForCrossDomainIdentityManagementCredentialValidationFailure',
    ],
  ])('%s: 400 with the reason', async (_name, credentials, code) => {
    const { status, json } = await validate({ credentials: credentials() });
    expect([status, json.error.code, json.error.innerError.code]).toEqual([400, 'CredentialValidationFailed', code]);
    expect(json.error.message.length).toBeGreaterThan(20);
  });

  test('saved ones', async () => {
    expect((await validate({ useSavedCredentials: true })).status).toBe(400);
    await put(complete());
    expect((await validate({ useSavedCredentials: true })).status).toBe(204);
  });

  test('before there is a job, with a template', async () => {
    const path = `${world.sync('app')}/jobs`;
    const body = { templateId: 'scim', useSavedCredentials: false, credentials: complete() };
    expect((await validate(body, path)).status).toBe(204);
    const unknown = await validate({ ...body, templateId: 'Azure2Azure' }, path);
    expect([unknown.status, unknown.json.error.code]).toEqual([400, 'BadRequest']);
  });

  test('without credentials in the body', async () => {
    const { status, json } = await validate({});
    expect([status, json.error.code]).toEqual([400, 'RequestParameterMissing']);
  });
});

describe('WM-17: an application of the gallery', () => {
  test('takes its own Tenant URL only, and cannot be started without a grant', async () => {
    const { json } = await world.call('POST', `${world.sync('app')}/jobs`, { templateId: 'FacebookWorkplace' });
    const path = `${world.sync('app')}/jobs/${json.id}`;
    await world.call('DELETE', `${world.sync('app')}/jobs/${(await world.look()).written.jobs[0]?.jobId}`);
    const wrong = await put([{ key: 'BaseAddress', value: 'https://www.workplace.com/scim/v1/' }], 'app');
    expect(wrong.status).toBe(400);
    expect(wrong.json.error.message).toContain('https://scim.workplace.com/');
    const unready = await world.call('POST', `${path}/start`);
    expect([unready.status, unready.json.error.code]).toEqual([400, 'BadRequest']);
    await put([{ key: 'BaseAddress', value: 'https://scim.workplace.com/' }], 'app');
    expect((await world.call('POST', `${path}/start`)).json.error.message).toContain('credentials');
    await put(
      [
        { key: 'BaseAddress', value: 'https://scim.workplace.com/' },
        { key: 'Oauth2AccessToken', value: 'grant' },
      ],
      'app',
    );
    expect((await world.call('POST', `${path}/start`)).status).toBe(204);
  });

  test('GC-02: takes credentials of its own kind only', async () => {
    const jobs = `${world.sync('second')}/jobs`;
    const { json } = await world.call('POST', jobs, { templateId: 'MetaNetworksConnector' });
    const url = { key: 'BaseAddress', value: 'https://api.metanetworks.com/v1/scim/idp-1' };
    await put([
      url,
      { key: 'Oauth2ClientId', value: 'client' },
      { key: 'Oauth2ClientSecret', value: 'secret' },
      { key: 'Oauth2TokenExchangeUri', value: 'https://api.metanetworks.com/token' },
    ]);
    const refused = await world.call('POST', `${jobs}/${json.id}/start`);
    expect([refused.status, refused.json.error.message]).toEqual([400, expect.stringContaining('a secret token')]);
    await put([url, { key: 'SecretToken', value: 'secret' }]);
    expect((await world.call('POST', `${jobs}/${json.id}/start`)).status).toBe(204);
  });
});
