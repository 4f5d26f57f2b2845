/** `errorInformation` of failed objects: code, reason, category, and the retry sentence (cycle.md 5.5, 10a, 10e; gallery.md 2.2). */
import { afterEach, expect, it } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { aUser, everyone, openWorld, TOKEN, type World, type WorldOptions } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function failing(options: WorldOptions, fault: Parameters<World['inject']>[0]): Promise<World> {
  world = await openWorld({ directory: everyone([aUser('u1')]), ...options });
  world.inject({ times: 'always', ...fault });
  await world.cycle();
  return world;
}

async function lastError(of: World) {
  return (await of.logs()).at(-1)?.provisioningStatusInfo.errorInformation;
}

const UNVERIFIED = { Errors: [{ description: 'Domain of emails is not verified', code: 1789003 }] };

it('a failed create: status, target text, application, raw answer, retries, in this order', async () => {
  const opened = await failing(
    {},
    { match: { method: 'POST' }, fault: { kind: 'status', status: 400, body: UNVERIFIED } },
  );
  const error = await lastError(opened);
  expect(error).toMatchObject({
    errorCode: '1789003',
    errorCategory: 'nonServiceFailure',
    additionalDetails: '1789003',
    recommendedAction: expect.stringContaining('Verify the domain') as string,
  });
  expect(error?.reason.split('\n')).toEqual([
    'StatusCode: BadRequest',
    'Message: Domain of emails is not verified',
    'Error returned from app: HTTP status 400',
    `Web Response: ${JSON.stringify(UNVERIFIED)}`,
    'This operation was retried 0 times. It will be retried again after this date: 2026-01-01T00:40:00Z UTC',
  ]);
});

it('the sentence counts, and names the next retry in UTC', async () => {
  const opened = await failing({}, { match: { method: 'POST' }, fault: { kind: 'status', status: 500 } });
  await opened.cycle();
  expect((await lastError(opened))?.reason).toMatch(
    /This operation was retried 1 times\. It will be retried again after this date: 2026-01-01T07:20:00Z UTC$/,
  );
});

const MINIMAL = `template: FacebookAtWorkOutDelta
objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
      - { to: name.formatted, from: displayName }
`;

it('Workplace is called Facebook in its errors', async () => {
  const app = withControlSurface(createScimApp({ token: TOKEN }));
  const served = await serveApp(app);
  app.inject({
    times: 'always',
    match: { method: 'POST' },
    fault: { kind: 'status', status: 400, body: { detail: 'no' } },
  });
  world = await openWorld({
    directory: everyone([aUser('u1')]),
    mapping: MINIMAL,
    targetUrl: 'https://www.workplace.com/scim/v1/',
    target: { override: `${served.url}/scim`, client: 'entra' },
    job: { template: 'FacebookAtWorkOutDelta' },
  });
  await world.cycle();
  expect((await lastError(world))?.reason).toContain('Message: no\nError returned from Facebook: HTTP status 400');
  await served.close();
});

it('1789003 without a word about the address recommends nothing: it also covers requests that cannot be read', async () => {
  const body = { error: { message: 'Invalid parameter', code: 1789003 } };
  const opened = await failing({}, { match: { method: 'POST' }, fault: { kind: 'status', status: 400, body } });
  expect(await lastError(opened)).toMatchObject({ errorCode: '1789003', recommendedAction: null });
});

it.each([
  ['a Graph error', { error: { code: 'Request_BadRequest', message: 'Invalid value' } }, 'Request_BadRequest'],
  ['a SCIM error', { status: '400', scimType: 'invalidValue', detail: 'Invalid value' }, 'invalidValue'],
])('%s: the general code, the own one beside it', async (_name, body, own) => {
  const opened = await failing({}, { match: { method: 'POST' }, fault: { kind: 'status', status: 400, body } });
  expect(await lastError(opened)).toMatchObject({
    errorCode: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
    additionalDetails: own,
  });
});

it.each([
  [500, 'failure', 'InternalServerError'],
  [403, 'nonServiceFailure', 'InsufficientRights'],
])('a read answered %i is a %s, and no application is blamed for a create', async (status, category, code) => {
  const opened = await failing(
    {},
    { match: { method: 'GET', path: 'u1@contoso.com' }, fault: { kind: 'status', status } },
  );
  const error = await lastError(opened);
  expect(error).toMatchObject({ errorCode: code, errorCategory: category });
});

it('no answer at all has no status', async () => {
  const opened = await failing({}, { match: { method: 'POST' }, fault: { kind: 'drop' } });
  const error = await lastError(opened);
  expect(error).toMatchObject({ errorCode: 'WebExceptionProtocolError', errorCategory: 'failure' });
  expect(error?.reason).toMatch(/^Message: no answer from/);
});
