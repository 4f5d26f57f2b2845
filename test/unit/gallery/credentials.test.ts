/** What an administrator must give before a job of the gallery can be saved, and what belongs to another application. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { briefs, load } from '../config/config-folder.ts';

const TOKEN = "{ type: bearer, token: '${env:SCIM_TOKEN}' }";
const GRANT = `{ type: oauth2-authorization-code, tokenUrl: 'https://scim.workplace.com/oauth/access_token', clientId: c,
      clientSecret: '\${env:SCIM_TOKEN}', refreshToken: '\${env:SCIM_TOKEN}', tokenFile: tokens.json }`;
const MN = 'https://api.metanetworks.com/v1/scim/idp-1';
const WF = 'https://www.facebook.com/company/1/scim/';
const WM = 'https://scim.workplace.com/';

/** Findings of a job for `profile` with its own mapping file; an undefined `url` or `auth` is not written. */
async function findings(profile: string, url: string | undefined, auth: string | undefined, mapping = profile) {
  const target = [...(url === undefined ? [] : [`url: '${url}'`]), ...(auth === undefined ? [] : [`auth: ${auth}`])];
  const loaded = await load(`tenantId: 0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b
directory: { type: file, path: directory.yaml }
jobs:
  - name: app
    profile: ${profile}
    mappings: ${join(process.cwd(), 'mappings', `${mapping}.yaml`)}
    target: { ${target.join(', ')} }
`);
  return {
    codes: loaded.diagnostics.map(({ code }) => code),
    text: loaded.diagnostics.map(({ summary }) => summary).join('\n'),
    briefs: briefs(loaded),
    saved: loaded.configuration !== undefined,
  };
}

describe('GC-02: credentials are saved only when complete', () => {
  test.each([
    ['work-accounts', undefined, GRANT],
    ['workplace', WM, GRANT],
    ['workplace-2017', WF, TOKEN],
    ['meta-networks', MN, TOKEN],
  ])('%s: complete', async (profile, url, auth) => {
    expect(await findings(profile, url, auth)).toMatchObject({ codes: [], saved: true });
  });

  test.each([
    ['work-accounts', undefined, undefined, 'missing-key', 'auth'],
    ['work-accounts', undefined, GRANT.replace(/refreshToken: '[^']*', /, ''), 'missing-key', 'refreshToken'],
    ['workplace', undefined, GRANT, 'missing-url', 'url'],
    ['workplace', WM, undefined, 'missing-key', 'auth'],
  ])('%s with %s and %s: %s names %s', async (profile, url, auth, code, missing) => {
    const { codes, text, saved } = await findings(profile, url, auth);
    expect(saved).toBe(false);
    expect(codes).toEqual([code]);
    expect(text).toContain(missing);
  });
});

describe('WF-01, MN-02: Tenant URL and Secret Token are needed both', () => {
  test.each([
    ['workplace-2017', undefined, TOKEN, 'missing-url', 'url'],
    ['workplace-2017', WF, undefined, 'missing-key', 'auth'],
    ['workplace-2017', WF, '{ type: bearer }', 'missing-key', 'token'],
    ['meta-networks', undefined, TOKEN, 'missing-url', 'url'],
    ['meta-networks', MN, '{ type: bearer }', 'missing-key', 'token'],
    ['meta-networks', MN, "{ type: bearer, token: '${env:NOT_SET}' }", 'missing-secret', 'NOT_SET'],
  ])('%s with %s and %s: %s names %s', async (profile, url, auth, code, missing) => {
    const { codes, text, saved } = await findings(profile, url, auth);
    expect(saved).toBe(false);
    expect(codes).toEqual([code]);
    expect(text).toContain(missing);
  });
});

describe('WF-12: the connectors of 2017 and of today are not mixed', () => {
  test.each([
    ['workplace-2017', WF],
    ['meta-networks', MN],
  ])('%s takes a secret token, no grant', async (profile, url) => {
    const { codes, text, saved } = await findings(profile, url, GRANT);
    expect([codes, saved]).toEqual([['credentials-not-offered'], false]);
    expect(text).toContain('takes a secret token');
  });

  test.each([
    ['workplace-2017', WM, TOKEN],
    ['workplace', WF, GRANT],
  ])('%s is not found at %s', async (profile, url, auth) => {
    expect((await findings(profile, url, auth)).codes).toEqual(['tenant-url-refused']);
  });

  test('today’s mapping has attributes that 2017 did not know', async () => {
    const { codes, text } = await findings('workplace-2017', WF, TOKEN, 'workplace');
    expect(new Set(codes)).toEqual(new Set(['attribute-not-listed']));
    expect(text).toContain('urn:scim:schemas:extension:facebook:auth_method:1.0:auth_method');
  });
});
