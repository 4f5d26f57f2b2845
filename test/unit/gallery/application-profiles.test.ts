/** What the gallery knows of an application reaches the job: addresses, rhythm, scopes, attribute lists (gallery.md 0.3, 6). */
import { describe, expect, test } from 'vitest';
import {
  APPLICATION_PROFILES,
  acceptsTenantUrl,
  applicationProfile,
  attributesOn,
} from '../../../engine/gallery/index.ts';
import { briefs, CONFIG, load, MAPPING } from '../config/config-folder.ts';

const profile = (name: string) => {
  const found = applicationProfile(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
};

const withProfile = (name: string, url: string, more = '') =>
  CONFIG.replace('mappings: mapping.yaml', `mappings: mapping.yaml\n    profile: ${name}${more}`).replace(
    'http://127.0.0.1:8801/scim',
    url,
  );

describe('tenant URL (WM-01, WA-04, MN-01)', () => {
  test.each([
    ['workplace', 'https://scim.workplace.com/', true],
    ['workplace', 'HTTPS://SCIM.workplace.com', true],
    ['workplace', 'https://www.workplace.com/scim/v1/', false],
    ['workplace', 'https://scim.workplace.com/other', false],
    ['workplace-legacy', 'https://www.facebook.com/scim/v1', true],
    ['workplace-2017', 'https://www.facebook.com/company/1234567890/scim/', true],
    ['workplace-2017', 'https://www.facebook.com/company/1234567890/scim/v1/', true],
    ['workplace-2017', 'https://www.facebook.com/scim/v1/', true],
    ['workplace-2017', 'https://www.workplace.com/scim/v1/', false],
    ['workplace-2017', 'https://www.facebook.com/company/x/scim/', false],
    ['meta-networks', 'https://api.metanetworks.com/v1/scim/idp-42', true],
    ['meta-networks', 'https://api.metanetworks.com/v1/scim/<IdP ID>', false],
    ['meta-networks', 'https://api.metanetworks.com/v1/scim/', false],
    ['meta-networks', 'not a URL', false],
  ])('%s: %s is %s', (name, url, accepted) => {
    expect(acceptsTenantUrl(profile(name), url)).toBe(accepted);
  });

  test('another address is refused with the right one and its place', async () => {
    const loaded = await load(withProfile('workplace', 'https://www.workplace.com/scim/v1/'));
    expect(loaded.configuration).toBeUndefined();
    expect(briefs(loaded)).toContain('config.yaml:8:12 error tenant-url-refused «https://www.workplace.com/scim/v1/»');
    expect(loaded.diagnostics[0]?.summary).toContain('https://scim.workplace.com/');
  });

  test('an address that cannot be chosen need not be written', async () => {
    const config = withProfile('work-accounts', 'x').replace('      url: x\n', '');
    expect((await load(config)).configuration?.jobs[0]?.target.url).toBe('https://scim.workplace.com/');
    const other = await load(config.replace('work-accounts', 'workplace'));
    expect(briefs(other).join()).toContain('missing-url');
  });
});

describe('rhythm, scope and client', () => {
  test.each([
    ['work-accounts', 'https://scim.workplace.com', 40, 'entra'],
    ['workplace-legacy', 'https://www.workplace.com/scim/v1/', 40, 'scim11'],
    ['workplace-2017', 'https://www.facebook.com/company/1/scim', 20, 'scim11'],
    ['okta-work-accounts', 'https://scim.workplace.com', 40, 'okta-oin'],
  ])('%s', async (name, url, minutes, client) => {
    const job = (await load(withProfile(name, url))).configuration?.jobs[0];
    expect(job?.intervalMs).toBe(minutes * 60_000);
    expect(job?.target.client.name).toBe(client);
  });

  test('Meta Networks links a resource once, unless the job says otherwise (MN-S14)', async () => {
    const of = async (text: string) => (await load(text)).configuration?.jobs[0]?.target.onSharedTarget;
    const config = withProfile('meta-networks', 'https://api.metanetworks.com/v1/scim/idp-1');
    expect(await of(config)).toBe('fail');
    expect(await of(config.replace('    target:\n', '    target:\n      onSharedTarget: link\n'))).toBe('link');
    expect(await of(withProfile('workplace', 'https://scim.workplace.com/'))).toBe('link');
  });

  describe('a template that two profiles share', () => {
    const shared = { 'mapping.yaml': `template: FacebookAtWorkOutDelta\n${MAPPING}` };
    const loadAt = (url: string) => load(CONFIG.replace('http://127.0.0.1:8801/scim', url), shared);

    test('is told apart by its URL', async () => {
      const of = async (url: string) => (await loadAt(url)).configuration?.jobs[0]?.profile?.name;
      expect(await of('https://www.facebook.com/company/1/scim/')).toBe('workplace-2017');
      expect(await of('https://www.workplace.com/scim/v1/')).toBe('workplace-legacy');
      expect(await of('https://www.facebook.com/scim/v1/')).toBe('workplace-legacy');
    });

    test('has a misspelt URL answered with that of the application that was meant', async () => {
      const said = async (url: string) => (await loadAt(url)).diagnostics[0]?.summary;
      expect(await said('https://www.facebook.com/company/abc/scim/')).toContain('https://www.facebook.com/company/');
      expect(await said('https://www.workplace.com/scim/v2/')).toContain('https://www.workplace.com/scim/v1/');
    });

    test('is what the profile says where both have the URL', async () => {
      const config = withProfile('workplace-2017', 'https://www.facebook.com/scim/v1/');
      expect((await load(config, shared)).configuration?.jobs[0]).toMatchObject({ intervalMs: 20 * 60_000 });
      const all = await load(config.replace('    target:', '    scope: all\n    target:'), shared);
      expect(briefs(all).join()).toContain('scope-not-offered');
    });
  });

  test('scope all is refused where the application knows assignments only (WF-03)', async () => {
    const loaded = await load(
      withProfile('workplace-2017', 'https://www.facebook.com/company/1/scim', '\n    scope: all'),
    );
    expect(briefs(loaded)).toEqual(['config.yaml:7:12 error scope-not-offered «all»']);
  });
});

describe('attribute lists (GC-07, GC-09, MN-07, MN-09, WM-21)', () => {
  test.each([
    ['work-accounts', 18, 0],
    ['workplace', 29, 0],
    ['workplace-legacy', 29, 0],
    ['workplace-2017', 22, 0],
    ['meta-networks', 5, 2],
    ['okta-work-accounts', 18, 0],
  ])('%s lists %i user and %i group attributes', (name, users, groups) => {
    expect(attributesOn(profile(name), 'User', undefined)).toHaveLength(users);
    expect(attributesOn(profile(name), 'Group', undefined)).toHaveLength(groups);
  });

  test('every name is listed once', () => {
    for (const { attributes } of APPLICATION_PROFILES) {
      const names = (attributes.User ?? []).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('an earlier day has the earlier list', () => {
    expect(attributesOn(profile('workplace'), 'User', '2020-09-09')).toHaveLength(22);
    expect(attributesOn(profile('workplace'), 'User', '2020-09-10')).toHaveLength(29);
    const names = attributesOn(profile('meta-networks'), 'User', '2022-04-05').map(({ name }) => name);
    expect(names).toContain('emails[type eq "work"].value');
    expect(names).not.toContain('phoneNumbers[type eq "work"].value');
  });

  test('matching on what the target cannot be asked for is refused (WA-07)', async () => {
    const mapping = MAPPING.replace(', match: 1 }', ' }\n      - { to: externalId, from: objectId, match: 1 }');
    const loaded = await load(withProfile('work-accounts', 'https://scim.workplace.com'), { 'mapping.yaml': mapping });
    const finding = loaded.diagnostics.find(({ code }) => code === 'match-not-filterable');
    expect(finding?.summary).toMatch(/externalId.*userName/);
  });

  test('an attribute that is not listed is refused, with the one that was meant (MN-S10)', async () => {
    const mapping = MAPPING.replace('to: userName', 'to: userNam');
    const loaded = await load(withProfile('meta-networks', 'https://api.metanetworks.com/v1/scim/idp-1'), {
      'mapping.yaml': mapping,
    });
    expect(loaded.diagnostics.find(({ code }) => code === 'attribute-not-listed')?.summary).toContain(
      'Did you mean userName?',
    );
  });

  test('a mapping of groups is refused where the application has none (WM-04)', async () => {
    const groups =
      '  - { name: Groups, from: Group, to: Group, map: [{ to: displayName, from: displayName, match: 1 }] }\n';
    const loaded = await load(withProfile('workplace', 'https://scim.workplace.com'), {
      'mapping.yaml': `${MAPPING}${groups}`,
    });
    expect(briefs(loaded).join()).toContain('object-not-offered');
  });
});
