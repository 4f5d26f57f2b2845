/** Without automatic provisioning an application of the directory has no job. */
import { expect, test } from 'vitest';
import { openGraphWorld } from '../../support/graph-world.ts';
import { aUser, everyone } from '../../support/world.ts';

test('GC-01: a job exists only once provisioning is automatic', async () => {
  const directory = everyone([aUser('u1')]);
  directory.applications.push({ name: 'manual', roles: ['User'], assignments: [{ user: 'u1', role: 'User' }] });
  const world = await openGraphWorld({ directory });
  const jobs = `${world.sync('manual')}/jobs`;
  expect(Object.keys(await world.tick())).toEqual(['app']);
  expect((await world.call('GET', jobs)).json.value).toEqual([]);

  const { status, json } = await world.call('POST', jobs, { templateId: 'MetaNetworksConnector' });
  expect(status).toBe(201);
  expect((await world.call('GET', jobs)).json.value).toMatchObject([
    { id: json.id, schedule: { interval: 'PT40M', state: 'Disabled' }, status: { code: 'NotConfigured' } },
  ]);
  await world.close();
});
