/** Workplace's manager: one name in the log and a number on the wire, in the cycle and in what the check prints (gallery.md 0.6). */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { aUser, everyone, openWorld, TOKEN } from '../support/world.ts';

const NAME = 'urn:scim:schemas:extension:enterprise:1.0.manager';

it.each([
  {
    profile: 'workplace',
    url: 'https://scim.workplace.com/',
    base: '',
    core: 'urn:ietf:params:scim:schemas:core:2.0:User',
    enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  },
  {
    profile: 'workplace-legacy',
    url: 'https://www.workplace.com/scim/v1/',
    base: '/scim/v1',
    core: 'urn:scim:schemas:core:1.0',
    enterprise: 'urn:scim:schemas:extension:enterprise:1.0',
  },
] as const)('$profile: the write is found in the log, and the same request printed', async (one) => {
  const { profile, url, base, core, enterprise } = one;
  const app = createMetaApp(profile, { token: TOKEN });
  const server = await serveApp(withControlSurface(app));
  const world = await openWorld({
    directory: everyone([aUser('u1', { manager: 'u2' }), aUser('u2')]),
    mapping: await readFile(`mappings/${profile}.yaml`, 'utf8'),
    target: { url, override: `${server.url}${base}` },
  });
  try {
    await world.cycle();
    const [logged] = (await world.logs()).flatMap(({ provisioningSteps, modifiedProperties }) =>
      provisioningSteps.some(({ name }) => name === 'EntryImportReference')
        ? [{ steps: provisioningSteps, modifiedProperties }]
        : [],
    );
    expect(logged?.modifiedProperties.map(({ displayName }) => displayName)).toEqual([NAME]);
    expect(logged?.steps).toContainEqual(expect.objectContaining({ details: { PropertyName: NAME } }));
    const written = app.requests.findLast(({ method }) => method === 'PATCH' || method === 'PUT');

    const id = app.state.users().find(({ userName }) => userName === 'u1@contoso.com')?.id;
    const answer = await app.handle(
      new Request(`${server.url}${base}/Users/${String(id)}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': 'test', 'content-type': 'application/json' },
        body: JSON.stringify({ schemas: [core], [enterprise]: { manager: null } }),
      }),
    );
    expect([answer.status, await answer.text()]).toEqual([200, expect.not.stringContaining('managerId')]);

    const { divergences } = await world.engine().verify('app');
    const [divergence] = divergences;
    expect(divergence?.difference).toMatchObject({ path: `${enterprise}:manager.managerId`, found: null });
    expect(divergence?.explanation.write).toMatchObject({ action: 'update', answered: 200 });
    expect(divergence?.request).toMatchObject({ method: written?.method, body: written?.body });
  } finally {
    await world.close();
    await server.close();
  }
});
