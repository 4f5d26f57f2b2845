/** The shipped mapping files of the gallery: the document's attributes, all of them, in its order, and accepted by the profile (GC-07). */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadMapping } from '../../../engine/config/load-mapping.ts';
import { APPLICATION_PROFILES, applicationProfile, attributesOn } from '../../../engine/gallery/index.ts';
import { load } from '../config/config-folder.ts';

const files = (await readdir('mappings')).filter((name) => /\.yaml$/.test(name) && !name.endsWith('.test.yaml'));
/** `mappings/<profile>.yaml` and `mappings/<profile>.<variant>.yaml` (ruling R7). */
const ofGallery = files.flatMap((file) => {
  const profile = applicationProfile(file.split('.')[0] ?? '');
  return profile === undefined ? [] : [{ file, profile }];
});
const ADDRESSES: Readonly<Record<string, string>> = {
  'meta-networks': 'https://api.metanetworks.com/v1/scim/idp-1',
  'workplace-legacy': 'https://www.workplace.com/scim/v1/',
  'workplace-2017': 'https://www.facebook.com/company/1/scim/',
};

test('every profile has a mapping file', () => {
  for (const { name } of APPLICATION_PROFILES) expect(files).toContain(`${name}.yaml`);
});

describe.each(ofGallery)('mappings/$file', ({ file, profile }) => {
  test('loads without a finding', async () => {
    expect((await loadMapping(join('mappings', file))).diagnostics).toEqual([]);
  });

  test('maps the attributes of the document in its order', async () => {
    const asOf = file.includes('before-2022-04') ? '2022-01-01' : undefined;
    const { mapping } = await loadMapping(join('mappings', file));
    expect(mapping?.template).toBe(profile.template);
    for (const object of mapping?.objects ?? []) {
      const listed = attributesOn(profile, object.from, asOf).map(({ name }) => name);
      expect(object.map.map(({ target }) => target)).toEqual(listed);
    }
  });

  test('is accepted by a job for the application', async () => {
    const url = ADDRESSES[profile.name] ?? 'https://scim.workplace.com/';
    const asOf = file.includes('before-2022-04') ? ', asOf: 2022-01-01' : '';
    const config = `tenantId: 0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b
directory: { type: file, path: directory.yaml }
jobs: [{ name: app, mappings: ${join(process.cwd(), 'mappings', file)}${asOf}, target: { url: '${url}', auth: { type: bearer, token: '\${env:SCIM_TOKEN}' } } }]
`;
    const { configuration, diagnostics } = await load(config);
    expect(diagnostics).toEqual([]);
    expect(configuration?.jobs[0]?.profile?.name).toBe(profile.name);
  });
});
