/** Clients that write whole resources, against targets that lay these over what they have (gallery.md 1.2, 1.3, 2.2). */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetaApp } from '../../fixtures/targets/meta/meta-app.ts';
import type { MetaProfile } from '../../fixtures/targets/meta/meta-systems.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import type { TargetApp } from '../../fixtures/targets/target-app.ts';
import { aUser, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

const APPLICATIONS = [
  { profile: 'workplace-legacy', url: 'https://www.workplace.com/scim/v1/', base: '/scim/v1' },
  { profile: 'workplace-2017', url: 'https://www.facebook.com/company/1/scim/', base: '/scim/v1' },
  { profile: 'okta-work-accounts', url: 'https://scim.workplace.com/', base: '' },
] as const satisfies readonly { profile: MetaProfile; url: string; base: string }[];

let app: TargetApp;
let server: ServedApp;
let world: World;
afterEach(async () => {
  await world.close();
  await server.close();
});

const ANA = { displayName: 'Ana Sousa', givenName: 'Ana', surname: 'Sousa', jobTitle: 'Manager' };

async function open({ profile, url, base }: (typeof APPLICATIONS)[number], ana: object): Promise<void> {
  app = createMetaApp(profile, { token: TOKEN });
  server = await serveApp(app);
  world = await openWorld({
    directory: everyone([aUser('ana', { ...ANA, ...ana })]),
    mapping: await readFile(`mappings/${profile}.yaml`, 'utf8'),
    target: { url, override: `${server.url}${base}`, userAgent: 'test' },
    job: { fidelity: 'sane' },
  });
  await world.cycle();
}

const ana = () => world.directory.users[0] ?? {};
const account = () => app.state.users()[0] ?? {};
const sent = () => app.requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);

describe.each(APPLICATIONS)('$profile', (application) => {
  test('what is cleared in the directory is cleared at the target, wherever it stands', async () => {
    await open(application, { telephoneNumber: '+16175551212', department: 'Sales', preferredLanguage: 'en-US' });
    expect(account()).toMatchObject({ title: 'Manager', phoneNumbers: [{ value: '+16175551212' }] });
    for (const name of ['jobTitle', 'telephoneNumber', 'department', 'surname']) delete ana()[name];
    await world.cycle();
    expect(account()).toMatchObject({ name: { givenName: 'Ana' }, preferredLanguage: 'en-US' });
    expect(account().title).toBeUndefined();
    expect(account().name).not.toHaveProperty('familyName');
    expect(JSON.stringify(account())).not.toMatch(/6175551212|Sales/);
    expect(sent()).toEqual([expect.objectContaining({ title: null, phoneNumbers: [] })]);
    expect((await world.cycle()).requests).toEqual([]);
    expect(await world.engine().verify('app')).toMatchObject({ total: 0 });
  });

  test('a work phone that is added later is the primary one, as in a create (gallery 1.3)', async () => {
    await open(application, {});
    ana().telephoneNumber = '+16175551212';
    await world.cycle();
    expect(account().phoneNumbers).toEqual([{ type: 'work', value: '+16175551212', primary: true }]);
    expect((await world.cycle()).requests).toEqual([]);
  });

  test('a value that stands there after it was cleared diverges', async () => {
    await open(application, {});
    delete ana().jobTitle;
    await world.cycle();
    const { url, body } = app.requests.findLast((one) => one.method === 'PUT') ?? {};
    const again = await app.handle(
      new Request(`http://app.test${application.base}${url}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': 'test', 'content-type': 'application/json' },
        body: JSON.stringify({ ...(body as object), title: 'Manager' }),
      }),
    );
    expect(again.status).toBe(200);
    const { divergences } = await world.engine().verify('app');
    expect(divergences.map(({ difference }) => difference)).toEqual([
      { kind: 'value', path: 'title', believed: null, found: 'Manager' },
    ]);
    expect(divergences[0]?.request).toMatchObject({ method: 'PUT', body: { title: null } });
  });
});
