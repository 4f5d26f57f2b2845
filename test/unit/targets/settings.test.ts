/** `/_sim/settings`: every setting takes its own kind of value and nothing else (gallery.md T-02). */
import { describe, expect, it } from 'vitest';
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import { createMetaApp } from '../../../fixtures/targets/meta/meta-app.ts';
import { controlOf, openProfile, user } from './exchange.ts';

const taken: ScimResource = {
  verifiedDomains: ['fabrikam.net'],
  admins: [],
  allowedIps: ['192.0.2.1'],
  requireUserAgent: false,
  emailless: true,
  emailSource: 'userNameFallback',
  autoInvite: true,
  tokens: [{ token: 't', owner: 'ana' }],
  tokenLifeSeconds: 0,
};

const refused: readonly (readonly [string, JsonValue, string])[] = [
  ['verifiedDomains', 'fabrikam.net', 'a list of texts'],
  ['admins', [7], 'a list of texts'],
  ['requireUserAgent', 'no', 'true or false'],
  ['emailless', 1, 'true or false'],
  ['emailSource', 'userName', '"emails" or "userNameFallback"'],
  ['tokens', ['t'], 'a list of { token, owner }'],
  ['tokenLifeSeconds', -1, 'a whole number, 0 or more'],
  ['tokenLifeSeconds', 1.5, 'a whole number, 0 or more'],
];

describe('settings of workplace-legacy, which has all of them', () => {
  it.each(Object.entries(taken))('%s takes %j', async (name, value) => {
    const { control } = openProfile('workplace-legacy');
    expect((await control('PATCH', '/settings', { [name]: value })).status).toBe(200);
    expect((await control('GET', '/settings')).body).toMatchObject({ [name]: value });
  });

  it.each(refused)('%s refuses %j: must be %s', async (name, value, kind) => {
    const { control } = openProfile('workplace-legacy');
    const before = (await control('GET', '/settings')).body;
    const { status, body } = await control('PATCH', '/settings', { autoInvite: true, [name]: value });
    expect([status, body.detail]).toEqual([400, `Setting "${name}" must be ${kind}`]);
    expect((await control('GET', '/settings')).body).toEqual(before);
  });

  it('a misspelt name gets the nearest', async () => {
    const { control } = openProfile('workplace-legacy');
    const { body } = await control('PATCH', '/settings', { emailess: true });
    expect(body.detail).toBe('There is no setting "emailess"; did you mean "emailless"?');
  });

  it('settings that are no object are refused', async () => {
    expect((await openProfile('workplace-legacy').control('PATCH', '/settings', [])).status).toBe(400);
  });

  it('a reset brings the first values back', async () => {
    const { control } = openProfile('workplace-legacy');
    const before = (await control('GET', '/settings')).body;
    await control('PATCH', '/settings', taken);
    await control('POST', '/reset');
    expect((await control('GET', '/settings')).body).toEqual(before);
  });
});

describe('an application made by a program', () => {
  const ana = user({
    userName: 'ana@fabrikam.net',
    name: { formatted: 'Ana' },
    emails: [{ type: 'work', value: 'ana@fabrikam.net' }],
  });

  it('starts with its accounts and settings, and goes back to them', async () => {
    const settings = { verifiedDomains: ['fabrikam.net'], autoInvite: true };
    const app = createMetaApp('workplace', { seed: { users: [ana] }, settings });
    const control = controlOf(withControlSurface(app));
    expect(app.state.users()).toMatchObject([{ id: 100_000_000_000_001, accountState: 'Invited' }]);
    await control('POST', '/users/100000000000001/claim');
    await control('PATCH', '/settings', { verifiedDomains: [] });
    await control('POST', '/reset');
    expect(app.state.users()).toMatchObject([{ id: 100_000_000_000_001, accountState: 'Invited' }]);
    expect((await control('GET', '/settings')).body.verifiedDomains).toEqual(['fabrikam.net']);
  });

  it('refuses an account as a POST is refused', () => {
    expect(() => createMetaApp('workplace', { seed: { users: [ana] } })).toThrow('fabrikam.net is not verified');
  });
});
