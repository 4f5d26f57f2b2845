/** Twenty-eight virtual days, 1,008 intervals of 40 minutes, with one object that always fails, in a moment (`npm run bench:month` says how long). */
import { createTenant } from 'scimulate/testing';
import { expect, test } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';

test('1,008 cycles follow the first one, and the failing object keeps its ladder', async () => {
  const app = withControlSurface(createScimApp({ token: 't' }));
  app.inject({ match: { method: 'POST' }, times: 'always', fault: { kind: 'status', status: 400 } });
  const users = [{ id: 'ben', userPrincipalName: 'ben@contoso.com', displayName: 'Ben', mailNickname: 'ben' }];
  const tenant = await createTenant({ url: 'https://app.invalid/scim', token: 't', fetch: app.handle, users });
  const cycles = await tenant.advance('+28d');
  expect(cycles).toHaveLength(1 + 1008);
  expect(cycles.every(({ error }) => error === undefined)).toBe(true);
  expect(tenant.requests().filter(({ method }) => method === 'POST')).toHaveLength(31);
  await tenant.expect({ job: { status: 'Active', escrows: 1 } });
  await tenant.close();
});
