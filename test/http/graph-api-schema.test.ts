/** Schema, templates and provision on demand over the management API (graph-api.md 8, 10, 12.1). */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { normalizeSchema } from '../../engine/schema/normalize-schema.ts';
import { type GraphWorld, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone } from '../support/world.ts';

let world: GraphWorld;
let job: string;

beforeEach(async () => {
  const group = { id: 'g1', displayName: 'Staff', securityEnabled: true, members: ['u1', 'u2'] };
  world = await openGraphWorld({ directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')], [group]) });
  const { json } = await world.call('GET', `${world.sync()}/jobs`);
  job = `${world.sync()}/jobs/${json.value[0].id}`;
});

afterEach(() => world.close());

const schemaOf = async () => (await world.call('GET', `${job}/schema`)).json;
const users = (schema: { synchronizationRules: { objectMappings: { sourceObjectName: string }[] }[] }) =>
  // biome-ignore lint/suspicious/noExplicitAny: rows of a schema, read and changed as a client does
  schema.synchronizationRules[0]?.objectMappings.find(({ sourceObjectName }) => sourceObjectName === 'User') as any;

describe('schema', () => {
  test('is the mapping file in Graph’s form, under the id of the job', async () => {
    const schema = await schemaOf();
    expect(schema['@odata.context']).toMatch(/\/synchronization\/jobs\('scim\.[^']+'\)\/schema\/\$entity$/);
    expect(schema.id).toBe(decodeURIComponent(job.split('/').at(-1) ?? ''));
    expect(schema.synchronizationRules[0]).toMatchObject({ name: 'USERGROUP_OUTBOUND_USERGROUP', editable: true });
    expect(schema.directories.map(({ name }: { name: string }) => name)).toEqual([
      'Microsoft Entra ID',
      'customappsso',
    ]);
    const rules = await world.call('GET', `${job}/schema?$select=synchronizationRules`);
    expect(Object.keys(rules.json)).toEqual(['@odata.context', 'synchronizationRules']);
  });

  test('PUT of what GET gave changes nothing but the version, and makes the next cycle initial', async () => {
    await world.tick();
    const before = await schemaOf();
    expect((await world.call('PUT', `${job}/schema`, before)).status).toBe(204);
    const after = await schemaOf();
    expect({ ...after, version: null }).toEqual({ ...before, version: null });
    expect(after.version).not.toBe(before.version);
    expect((await world.tick()).app?.cycle).toMatchObject({ kind: 'initial', counts: { created: 0, updated: 0 } });
    expect((await world.tick()).app?.cycle.kind).toBe('incremental');
  });

  test.each<
    [string, (user: { attributeMappings: object[]; sourceObjectName: string; targetObjectName: string }) => void]
  >([
    ['no attribute mappings', (user) => user.attributeMappings.splice(0)],
    ['a source object that nobody has', (user) => Object.assign(user, { sourceObjectName: 'Usr' })],
    ['a target object that nobody has', (user) => Object.assign(user, { targetObjectName: 'Widget' })],
    [
      'one matching priority twice',
      ({ attributeMappings }) =>
        attributeMappings.slice(0, 3).map((row) => Object.assign(row, { matchingPriority: 1 })),
    ],
  ])('PUT with %s is refused: users would silently not be provisioned any more', async (_name, spoil) => {
    const schema = await schemaOf();
    spoil(users(schema));
    const { status, json } = await world.call('PUT', `${job}/schema`, schema);
    expect([status, json.error.code]).toEqual([400, 'SchemaInvalid']);
  });

  test('a mapping that is switched off, or gone, is meant', async () => {
    const schema = await schemaOf();
    Object.assign(users(schema), { enabled: false });
    expect((await world.call('PUT', `${job}/schema`, schema)).status).toBe(204);
  });

  test('PUT of a mapping takes effect in the next cycle; the file stays as it is', async () => {
    await world.tick();
    const file = await readFile(`${world.folder}/mapping.yaml`, 'utf8');
    const schema = await schemaOf();
    const row = users(schema).attributeMappings.find(
      ({ targetAttributeName }: { targetAttributeName: string }) => targetAttributeName === 'title',
    );
    row.source = { type: 'Constant', name: 'Colleague', expression: '"Colleague"', parameters: [] };
    await world.call('PUT', `${job}/schema`, schema);
    const { app } = await world.tick();
    expect(app?.cycle).toMatchObject({ kind: 'initial', counts: { updated: 3 } });
    expect(world.app.state.users()[0]).toMatchObject({ title: 'Colleague' });
    expect(await readFile(`${world.folder}/mapping.yaml`, 'utf8')).toBe(file);
  });

  test('a document of many kinds of rows comes back in its normal form', async () => {
    const document = await exampleDocument();
    expect((await world.call('PUT', `${job}/schema`, document)).status).toBe(204);
    const normal = normalizeSchema(document, { lenient: false, report: () => undefined }).schema;
    const { '@odata.context': _context, ...after } = await schemaOf();
    const before = { ...normal, id: after.id, version: after.version };
    expect(after).toEqual(before);
  });

  test('a minimal PUT without ids and directories keeps those of before (graph-api.md 16 no. 14)', async () => {
    const before = await schemaOf();
    const body = {
      synchronizationRules: [
        {
          name: before.synchronizationRules[0].name,
          sourceDirectoryName: 'Microsoft Entra ID',
          targetDirectoryName: 'customappsso',
          objectMappings: [
            {
              sourceObjectName: 'User',
              targetObjectName: 'User',
              scope: { filterGroups: [] },
              flowTypes: '',
              attributeMappings: [
                { targetAttributeName: 'userName', matchingPriority: 1, source: { expression: '[userPrincipalName]' } },
                { targetAttributeName: 'title', source: { type: 'Constant', expression: '"Colleague"' } },
              ],
            },
          ],
        },
      ],
    };
    const { status } = await world.call('PUT', `${job}/schema`, body);
    expect(status).toBe(204);
    const after = await schemaOf();
    expect(after.synchronizationRules[0].id).toBe(before.synchronizationRules[0].id);
    expect(after.directories).toEqual(before.directories);
    expect(users(after)).toMatchObject({ flowTypes: 'Add,Update,Delete', enabled: true });
    const { app } = await world.tick();
    expect(app?.cycle.counts.created).toBe(3);
    expect(world.app.state.users()[0]).toMatchObject({ title: 'Colleague', userName: 'u1@contoso.com' });
    expect(world.warnings.length).toBeGreaterThan(0);
  });

  test('errors come one by one with their place, and nothing changes', async () => {
    const before = await schemaOf();
    const broken = structuredClone(before);
    for (const row of users(broken).attributeMappings) row.matchingPriority = 0;
    users(broken).attributeMappings[2].source = { type: 'Function', expression: 'Nothing(' };
    const { status, json } = await world.call('PUT', `${job}/schema`, broken);
    expect([status, json.error.code]).toEqual([400, 'SchemaInvalid']);
    expect(json.error.details.length).toBeGreaterThanOrEqual(2);
    for (const detail of json.error.details) {
      expect(detail).toEqual({
        code: expect.any(String),
        message: expect.any(String),
        target: expect.stringMatching(/^synchronizationRules\/0\/objectMappings\/0/),
      });
    }
    expect(await schemaOf()).toEqual(before);
  });

  test('a rule that is not editable cannot be changed', async () => {
    const locked = await schemaOf();
    locked.synchronizationRules[0].editable = false;
    expect((await world.call('PUT', `${job}/schema`, locked)).status).toBe(204);
    users(locked).attributeMappings.pop();
    const { status, json } = await world.call('PUT', `${job}/schema`, locked);
    expect([status, json.error.code]).toEqual([400, 'SchemaInvalid']);
  });

  test('an application of the gallery matches by the attributes it can be asked for only (GC-09, GC-12)', async () => {
    const { json } = await world.call('POST', `${world.sync()}/jobs`, { templateId: 'FacebookWorkplace' });
    const path = `${world.sync()}/jobs/${json.id}/schema`;
    const schema = (await world.call('GET', path)).json;
    const rows: { targetAttributeName: string; matchingPriority: number }[] = users(schema).attributeMappings;
    const row = rows.find(({ targetAttributeName }) => targetAttributeName === 'displayName');
    if (row !== undefined) row.matchingPriority = 2;
    const answer = await world.call('PUT', path, schema);
    expect(answer.status).toBe(400);
    expect(answer.json.error.details.map(({ code }: { code: string }) => code)).toEqual(['match-not-filterable']);
  });
});

describe('templates', () => {
  test('list every mapping file that ships once, with its schema', async () => {
    const { json } = await world.call('GET', `${world.sync()}/templates`);
    const ids = json.value.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'scim',
        'FacebookWorkplace',
        'FacebookAtWorkOutDelta',
        'FacebookWorkAccounts',
        'MetaNetworksConnector',
      ]),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const scim = json.value.find(({ id }: { id: string }) => id === 'scim');
    expect(scim).toMatchObject({ default: true, factoryTag: 'CustomSCIM', discoverable: true });
    expect(users(scim.schema).attributeMappings.length).toBeGreaterThan(10);
    const count = await world.call('GET', `${world.sync()}/templates/$count`);
    expect(count.text).toBe(String(ids.length));
  });

  test('one, by its other name, its schema, and one that is not there', async () => {
    expect((await world.call('GET', `${world.sync()}/templates/FacebookWorkplace`)).json.id).toBe('FacebookWorkplace');
    expect((await world.call('GET', `${world.sync()}/templates/customappsso`)).json.id).toBe('customappsso');
    const schema = await world.call('GET', `${world.sync()}/templates/scim/schema`);
    expect(schema.json.id).toBe(`scim.${'0'.repeat(32)}`);
    const none = await world.call('GET', `${world.sync()}/templates/nothing`);
    expect([none.status, none.json.error.code]).toEqual([404, 'ResourceNotFound']);
  });

  test('the legacy template is that of SCIM 1.0 as it was upgraded (WM-12)', async () => {
    const { json } = await world.call('GET', `${world.sync()}/templates/FacebookAtWorkOutDelta/schema`);
    const names = users(json).attributeMappings.map(
      ({ targetAttributeName }: { targetAttributeName: string }) => targetAttributeName,
    );
    expect(names).toHaveLength(29);
  });
});

describe('provisionOnDemand', () => {
  const provision = async (subjects: readonly object[], ruleId?: string) => {
    const id = ruleId ?? (await schemaOf()).synchronizationRules[0].id;
    return world.call('POST', `${job}/provisionOnDemand`, { parameters: [{ ruleId: id, subjects }] });
  };

  test('provisions a user, and tells each step in a text within the answer', async () => {
    const { status, json } = await provision([{ objectId: 'u1', objectTypeName: 'User' }]);
    expect(status).toBe(200);
    expect(json['@odata.context']).toMatch(/\$metadata#microsoft\.graph\.stringKeyStringValuePair$/);
    expect(JSON.parse(json.key)).toEqual({ result: 'Success', details: { errorCode: null, errorMessage: null } });
    const event = JSON.parse(json.value);
    expect(event).toMatchObject({
      action: 'Create',
      reportableIdentifier: 'u1@contoso.com',
      statusInfo: { status: 'Success' },
      sourceIdentity: { id: 'u1', type: 'User' },
    });
    expect(event.provisioningSteps.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['Import', 'Scoping', 'Matching', 'Export']),
    );
    expect(world.app.state.users()).toHaveLength(1);
    const again = await provision([{ objectId: 'u1', objectTypeName: 'User' }]);
    expect(JSON.parse(again.json.key)).toMatchObject({ result: 'Skipped', details: { errorCode: 'RedundantExport' } });
  });

  test('a user who is blocked is skipped and not switched off (cycle.md 9.6, 9.7)', async () => {
    await world.tick();
    Object.assign(world.directory.users[0] ?? {}, { accountEnabled: false });
    await world.save();
    const { json } = await provision([{ objectId: 'u1', objectTypeName: 'User' }]);
    expect(JSON.parse(json.key)).toEqual({
      result: 'Skipped',
      details: { errorCode: 'NotEffectivelyEntitled', errorMessage: null },
    });
    const { provisioningSteps } = JSON.parse(json.value);
    expect(provisioningSteps[0]).toMatchObject({ name: 'EntryImport', type: 'Import' });
    expect(provisioningSteps).toContainEqual(
      expect.objectContaining({ details: expect.objectContaining({ 'Active in the source system': 'False' }) }),
    );
    expect(world.app.state.users().find(({ userName }) => userName === 'u1@contoso.com')?.active).toBe(true);
  });

  test('where only the manager is written, the steps before it are told as well', async () => {
    await world.tick();
    Object.assign(world.directory.users[0] ?? {}, { manager: 'u2' });
    await world.save();
    const { json } = await provision([{ objectId: 'u1', objectTypeName: 'User' }]);
    const steps = JSON.parse(json.value).provisioningSteps as { name: string; type: string }[];
    expect(steps.map(({ name }) => name)).toEqual([
      'EntryImport',
      'EntryImport',
      'EntrySynchronizationScoping',
      'EntryImportReference',
      'EntryExportUpdate',
    ]);
  });

  test('an id of the other type is nobody', async () => {
    const { json } = await provision([{ objectId: 'u1', objectTypeName: 'Group' }]);
    expect(JSON.parse(json.key)).toMatchObject({ result: 'Failure', details: { errorCode: 'ImportSkipped' } });
    expect(world.app.state.users()).toEqual([]);
  });

  test('a user out of scope is skipped, an unknown one fails, both with 200', async () => {
    world.directory.users.push(aUser('u9'));
    await world.save();
    const outside = await provision([{ objectId: 'u9', objectTypeName: 'User' }]);
    expect(JSON.parse(outside.json.key)).toMatchObject({
      result: 'Skipped',
      details: { errorCode: 'NotEffectivelyEntitled' },
    });
    const unknown = await provision([{ objectId: 'nobody', objectTypeName: 'User' }]);
    expect(unknown.status).toBe(200);
    expect(JSON.parse(unknown.json.key)).toMatchObject({ result: 'Failure', details: { errorCode: 'ImportSkipped' } });
  });

  test('a group with chosen members', async () => {
    const members = [{ objectId: 'u1', objectTypeName: 'User' }];
    const { json } = await provision([{ objectId: 'g1', objectTypeName: 'Group', links: { members } }]);
    expect(JSON.parse(json.key).result).toBe('Success');
    expect(world.app.state.groups()[0]).toMatchObject({ displayName: 'Staff', members: [{ value: 't1' }] });
  });

  test('a group whose chosen member fails is a failure', async () => {
    world.inject({ match: { method: 'POST', path: '/Users' }, times: 1, fault: { kind: 'status', status: 400 } });
    const members = [{ objectId: 'u1', objectTypeName: 'User' }];
    const { json } = await provision([{ objectId: 'g1', objectTypeName: 'Group', links: { members } }]);
    expect(JSON.parse(json.key)).toMatchObject({ result: 'Failure', details: { errorCode: expect.any(String) } });
  });

  test('as PowerShell names things', async () => {
    const ruleId = (await schemaOf()).synchronizationRules[0].id;
    const body = { Parameters: [{ RuleId: ruleId, Subjects: [{ ObjectId: 'u2', ObjectTypeName: 'User' }] }] };
    const { json } = await world.call('POST', `${job}/provisionOnDemand`, body);
    expect(JSON.parse(json.key).result).toBe('Success');
  });

  test('an unknown rule, in the words of the service', async () => {
    const { status, json } = await provision([{ objectId: 'u1', objectTypeName: 'User' }], 'no-rule');
    expect([status, json.error.code]).toEqual([400, 'RequestParameterInvalid']);
    expect(json.error.message).toMatch(/However, the job does not include the rule\.$/);
  });

  test('six members are too many, an array is no body, a worker no subject', async () => {
    const members = Array.from({ length: 6 }, (_, index) => ({ objectId: `u${index}`, objectTypeName: 'User' }));
    const many = await provision([{ objectId: 'g1', objectTypeName: 'Group', links: { members } }]);
    expect(many.status).toBe(400);
    const list = await world.call('POST', `${job}/provisionOnDemand`, []);
    expect([list.status, list.json.error.code]).toEqual([400, 'RequestParameterMissing']);
    const group = { objectId: 'g1', objectTypeName: 'Group' };
    expect((await provision([group, { ...group, objectId: 'g2' }])).status).toBe(400);
    expect((await provision([{ objectId: 'u1', objectTypeName: 'Worker' }])).status).toBe(400);
  });

  test('the sixth call within ten seconds waits', async () => {
    const subject = [{ objectId: 'u1', objectTypeName: 'User' }];
    for (let call = 0; call < 5; call += 1) expect((await provision(subject)).status).toBe(200);
    const sixth = await provision(subject);
    expect([sixth.status, sixth.json.error.code]).toEqual([429, 'TooManyRequests']);
    expect(Number(sixth.headers.get('retry-after'))).toBe(10);
    world.clock.advance(10_000);
    expect((await provision(subject)).status).toBe(200);
  });

  test('while a cycle runs: try again later', async () => {
    const id = decodeURIComponent(job.split('/').at(-1) ?? '');
    const { engine } = await world.look();
    expect(engine.jobNames).toEqual(['app']);
    await world.holdLease(id);
    const { status, json, headers } = await provision([{ objectId: 'u1', objectTypeName: 'User' }]);
    expect([status, json.error.code, json.error.innerError.code]).toEqual([503, 'serviceNotAvailable', 'job-busy']);
    expect(headers.get('retry-after')).toBe('5');
  });
});

/** A document as the portal exports it, with everything in it that an export can have. */
async function exampleDocument(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile('test/unit/schema/exported-schema.json', 'utf8'));
}
