/** Provisioning and sign-on of Workplace are two things (gallery.md 3.1). */
import { join } from 'node:path';
import { createTenant } from 'scimulate/testing';
import { expect, test } from 'vitest';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { profileNamed } from '../../../fixtures/targets/index.ts';

const METHOD = 'urn:scim:schemas:extension:facebook:auth_method:1.0';

test('WF-06, WF-07: accounts are there before anybody signs in, and provisioning leaves the way they sign in alone', async () => {
  const { create, logicalUrl = '' } = profileNamed('workplace-2017');
  const app = withControlSurface(create({ token: 't' }));
  const tenant = await createTenant({
    url: logicalUrl,
    token: 't',
    fetch: app.handle,
    mapping: join(process.cwd(), 'mappings', 'workplace-2017.yaml'),
    users: [{ id: 'u-ana', userPrincipalName: 'ana@contoso.com', displayName: 'Ana', extensionAttribute13: 'sso' }],
  });
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: 'Bearer t', 'user-agent': 'administrator', 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await app.handle(new Request(new URL(path, logicalUrl), init));
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };
  await tenant.cycle();
  expect(JSON.stringify(tenant.requests())).not.toMatch(/auth_?method|sso|saml|password/i);
  expect(await ask('GET', '/_sim/state')).toMatchObject({ users: [{ active: true, accountState: 'Not Invited' }] });

  // An administrator of Workplace switches the account to single sign-on.
  await ask('PUT', 'Users/100000000000001', {
    schemas: ['urn:scim:schemas:core:1.0', METHOD],
    [METHOD]: { auth_method: 'sso' },
  });
  await tenant.unassign('u-ana');
  await tenant.cycle();
  await tenant.assign('u-ana');
  await tenant.cycle();
  const writes = tenant.requests().filter(({ method }) => method !== 'GET');
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /Users',
    'PUT /Users/100000000000001',
    'PUT /Users/100000000000001',
  ]);
  expect(await ask('GET', 'Users/100000000000001')).toMatchObject({ active: true, [METHOD]: { auth_method: 'sso' } });
  await tenant.close();
});
