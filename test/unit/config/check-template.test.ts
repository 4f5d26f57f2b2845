/** A misspelt template costs an application of the gallery its own ways: a word about it, in both places where it stands. */
import { expect, test } from 'vitest';
import { checkTemplate } from '../../../engine/config/check-template.ts';
import { brief, briefs, CONFIG, load, loadMap, MAPPING } from './config-folder.ts';

test.each([
  ['FacebookWorkplac', 'FacebookWorkplace'],
  ['workplace', 'FacebookWorkplace'],
  ['workplce', 'FacebookWorkplace'],
  ['meta-networks', 'MetaNetworksConnector'],
  ['scmi', 'scim'],
])('%s means %s', (template, meant) => {
  expect(checkTemplate(template)?.summary).toContain(`Did you mean ${meant}?`);
});

test.each(['scim', 'FacebookAtWorkOutDelta', 'slack', 'acme'])('%s is fine', (template) => {
  expect(checkTemplate(template)).toBeUndefined();
});

test('is said at its place in a job and in a mapping file', async () => {
  const inJob = (keys: string) => load(CONFIG.replace('    mappings:', `${keys}    mappings:`));
  const loaded = await inJob('    template: FacebookWorkplac\n');
  expect(briefs(loaded)).toEqual(['config.yaml:5:15 warning unknown-template «FacebookWorkplac»']);
  const { diagnostics } = await loadMap(`template: scmi\n${MAPPING}`);
  expect(diagnostics.map(brief)).toEqual(['mapping.yaml:1:11 warning unknown-template «scmi»']);
});
