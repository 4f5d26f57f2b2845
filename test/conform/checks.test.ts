/** The checks against the bundled application: strict, and with each mistake on purpose. */
import { describe, expect, it } from 'vitest';
import { CONFORMANCE_CHECKS } from '../../engine/conform/checks/index.ts';
import { SUITE_TESTS } from '../../engine/conform/conform-page.ts';
import { type Defect, defects } from '../../fixtures/targets/scim/defects.ts';
import { createScimApp, type ScimAppOptions } from '../../fixtures/targets/scim-app.ts';
import { conformTo, rootsOf } from '../support/endpoint.ts';
import { TOKEN } from '../support/world.ts';

const strict = (options: ScimAppOptions = {}) => createScimApp({ token: TOKEN, uniqueGroupNames: true, ...options });

describe('a strict application', () => {
  it.each(['legacy', 'aadOptscim062020'] as const)('meets every check where the URL asks for %s', async (patchMode) => {
    const seed = { users: [{ userName: 'ada', id: 'u-1' }], groups: [{ displayName: 'Sales', id: 'g-1' }] };
    const app = strict({ seed });
    const before = JSON.stringify([app.state.users(), app.state.groups()]);
    const report = await conformTo(app.handle, { patchMode });
    expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(report.results).toHaveLength(CONFORMANCE_CHECKS.length);
    expect(JSON.stringify([app.state.users(), app.state.groups()])).toBe(before);
    expect(report.cleanUp.left).toEqual([]);
    expect(report.cleanUp.removed).toBeGreaterThan(100);
  });
});

/** The findings that a person sees first: failed, and not the consequence of another. */
const FOUND: Readonly<Record<Defect, readonly string[]>> = {
  'string-booleans-ignored': ['boolean-text'],
  'capitalised-ops-ignored': ['capital-operations'],
  'remove-one-removes-all': ['remove-member-legacy', 'remove-members-legacy'],
  'filter-ignored': ['filter-no-match'],
  'not-found-for-no-match': ['filter-no-match'],
  'missing-id': ['create-user', 'create-group'],
  'members-returned': ['members-excluded', 'members-excluded-filter'],
  'case-sensitive-user-name': ['filter-case'],
};

describe.each(Object.entries(FOUND))('%s', (name, expected) => {
  const present = (Object.keys(defects) as Defect[]).filter((defect) => defect === name);

  it('is found and named, and nothing is left behind', async () => {
    const app = strict({ defects: present });
    const report = await conformTo(app.handle);
    expect(rootsOf(report, 'failed')).toEqual(expected);
    expect(report.cleanUp.left).toEqual([]);
    expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
  });
});

it('says what was seen, in words', async () => {
  const found = async (defect: Defect, id: string) => {
    const report = await conformTo(strict({ defects: [defect] }).handle, { ids: [id] });
    return report.results[0]?.finding?.found;
  };
  expect(await found('remove-one-removes-all', 'remove-member-legacy')).toBe('answered 204 and removed all 3 members');
  expect(await found('string-booleans-ignored', 'disable-legacy')).toBe('answered 200, active is true, not "False"');
  expect(await found('missing-id', 'create-user')).toBe('answered 201 without "id"');
  expect(await found('not-found-for-no-match', 'test-connection')).toBe('answered 404: No resource matches the filter');
});

it('sends what the engine sends, in both dialects', async () => {
  const app = strict();
  await conformTo(app.handle, {
    ids: ['disable-legacy', 'disable-flag', 'remove-member-legacy', 'remove-member-flag'],
  });
  const sent = app.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  const operations = sent.flatMap((body) => (body as { Operations: readonly unknown[] }).Operations);
  const removals = operations.filter((one) => /^remove$/i.test((one as { op: string }).op));
  expect(operations).toContainEqual({ op: 'Replace', path: 'active', value: 'False' });
  expect(operations).toContainEqual({ op: 'replace', path: 'active', value: false });
  expect(removals).toEqual([
    { op: 'Remove', path: 'members', value: [{ value: expect.stringMatching(/^user-/) }] },
    { op: 'remove', path: expect.stringMatching(/^members\[value eq "user-\d+"\]$/) },
  ]);
});

it('counts the dialect the URL asks for, and warns of the other', async () => {
  const handle = strict({ defects: ['string-booleans-ignored'] }).handle;
  const flagged = await conformTo(handle, { patchMode: 'aadOptscim062020' });
  expect(rootsOf(flagged, 'failed')).toEqual([]);
  expect(rootsOf(flagged, 'warning')).toEqual(['boolean-text']);
});

describe('the declarations', () => {
  it('have ids of their own', () => {
    const ids = CONFORMANCE_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('answer every test of both suites, or say why not', () => {
    const covered = new Set(CONFORMANCE_CHECKS.flatMap(({ covers = [] }) => covers));
    const open = SUITE_TESTS.filter(({ id, exception }) => covered.has(id) === (exception !== undefined));
    expect(open).toEqual([]);
    const known = new Set(SUITE_TESTS.map(({ id }) => id));
    expect([...covered].filter((id) => !known.has(id))).toEqual([]);
  });
});
