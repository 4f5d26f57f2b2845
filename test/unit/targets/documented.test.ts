/** docs/targets.md against the applications: profiles, settings with their values at the start, actions. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { targetProfiles } from '../../../fixtures/targets/index.ts';
import { defects } from '../../../fixtures/targets/scim/defects.ts';
import { openProfile } from './exchange.ts';

const page = readFileSync(new URL('../../../docs/targets.md', import.meta.url), 'utf8');
const sections = new Map(page.split(/^## /m).map((text) => [text.slice(0, text.indexOf('\n')), text]));

const sectionOf = (profile: string) => sections.get(profile) ?? '';

describe.each(Object.keys(targetProfiles))('%s', (profile) => {
  it('has a section with its command', () => {
    expect(sectionOf(profile)).toContain(`scimulate target ${profile}`);
  });

  it('has exactly the settings its section lists', async () => {
    const [, line = ''] = /^Settings: (.*)$/m.exec(sectionOf(profile)) ?? [];
    const listed = line
      .replace(/\([^)]*\)/g, '')
      .match(/`([^`]+)`/g)
      ?.map((name) => name.slice(1, -1));
    const { body } = await openProfile(profile, {}).control('GET', '/settings');
    expect(listed?.sort()).toEqual(Object.keys(body).sort());
  });

  it('answers no action that the page does not name', async () => {
    const { body } = await openProfile(profile, {}).control('GET', '/');
    const paths = (body.actions as readonly string[]).map((action) => action.split(' ')[1] ?? '');
    for (const path of paths) expect(page).toContain(`/_sim${path}`);
  });
});

it("the values at the start are those of the table of Meta's settings", async () => {
  const { body } = await openProfile('workplace', {}).control('GET', '/settings');
  for (const [name, value] of Object.entries(body)) {
    const [, shown = ''] = new RegExp(`^\\| \`${name}\` \\| \`([^\`]+)\` \\|`, 'm').exec(page) ?? [];
    expect([name, JSON.parse(shown)]).toEqual([name, value]);
  }
});

it('lists every defect with what the server does', () => {
  const rows = [...sectionOf('scim').matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name, does]) => [name, does]);
  expect(Object.fromEntries(rows)).toEqual(defects);
});
