/** `api.overrides`: where the bytes go for an address that is set through the API (gallery.md 0.2). */
import { expect, test } from 'vitest';
import { draftJob } from '../../../engine/manage/draft-job.ts';

const overrides = {
  'https://app.example': 'http://127.0.0.1:1/',
  'https://app.example/scim/v2': 'http://127.0.0.1:2/base/',
};

function contacted(url: string): string | undefined {
  const draft = { jobId: 'scim.1.2', name: 'app', application: 'app', template: 'scim', mapping: { objects: [] } };
  return draftJob(draft, [{ key: 'BaseAddress', value: url }], { overrides }).target.override;
}

test.each([
  ['the address itself', 'https://app.example/scim/v2/', 'http://127.0.0.1:2/base/'],
  ['what is below it, with the rest of its path', 'https://app.example/scim/v2/t1?x=1', 'http://127.0.0.1:2/base/t1'],
  ['whole segments only', 'https://app.example/scim/v21', 'http://127.0.0.1:1/scim/v21'],
  ['the origin', 'https://APP.example/', 'http://127.0.0.1:1/'],
  ['no other host', 'https://app.example.net/scim/v2', undefined],
])('%s', (_what, url, override) => {
  expect(contacted(url)).toBe(override);
});
