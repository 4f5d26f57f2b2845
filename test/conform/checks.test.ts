/** The checks against the bundled application: strict, and with each mistake on purpose. */
import { describe, expect, it } from 'vitest';
import { CONFORMANCE_CHECKS } from '../../engine/conform/checks/index.ts';
import { SUITE_TESTS } from '../../engine/conform/conform-page.ts';
import { type Defect, defects } from '../../fixtures/targets/scim/defects.ts';
import { createScimApp, type ScimAppOptions } from '../../fixtures/targets/scim-app.ts';
import { aToken, conformTo, rootsOf } from '../support/endpoint.ts';
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
  'string-booleans-kept': ['boolean-text'],
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
  expect(await found('string-booleans-kept', 'disable-legacy')).toBe(
    'answered 200, active is the text "False", not a boolean',
  );
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

describe('the token endpoint', () => {
  it.each([
    ['token-endpoint', { token_type: 'Bearer' }, 'gave no access_token'],
    ['token-lifetime', { access_token: '***' }, 'the answer does not say: there is no expires_in'],
    ['token-lifetime', { access_token: '***', expires_in: 3599 }, 'is 3599 seconds, not 3600 to 21600'],
    ['token-lifetime', { access_token: '***', expires_in: '86400' }, 'is "86400" seconds, not 3600 to 21600'],
    ['token-lifetime', { access_token: '***', expires_in: 21600 }, undefined],
  ])('%s for %j: %s', async (id, body, found) => {
    const report = await conformTo(strict().handle, { ids: [id], token: aToken(body) });
    expect(report.results[0]?.finding?.found).toBe(found);
    expect(rootsOf(report, 'failed')).toEqual([]);
  });

  it('is not judged by its lifetime when it refuses', async () => {
    const report = await conformTo(strict().handle, {
      ids: ['token-endpoint', 'token-lifetime'],
      token: { ...aToken({ error: 'invalid_client' }), status: 401 },
    });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(['warning', 'skipped']);
  });
});

it('asks what the reference tests ask of a server, as recommendations', async () => {
  const ids = ['put-user', 'put-group', 'remove-all-members', 'chosen-attributes', 'filter-contains', 'filter-groups'];
  const app = strict();
  const report = await conformTo(
    async (request) => {
      const url = new URL(request.url);
      const isOdd = request.method === 'PUT' || /\+(co|sw)\+/.test(url.search);
      if (isOdd) return new Response('{}', { status: 501 });
      url.searchParams.delete('attributes');
      if (request.method !== 'PATCH') return app.handle(new Request(url, request));
      const body = await request.text();
      // A server that takes a remove without value for nothing to do.
      const isBare = body.includes('{"op":"remove","path":"members"}');
      return isBare ? new Response(null, { status: 204 }) : app.handle(new Request(url, { ...init(request), body }));
    },
    { ids },
  );
  expect(rootsOf(report, 'warning')).toEqual(expect.arrayContaining(ids));
  expect(rootsOf(report, 'failed')).toEqual([]);
});

function init({ method, headers }: Request): RequestInit {
  return { method, headers };
}

describe('the declarations', () => {
  it('have ids of their own', () => {
    const ids = CONFORMANCE_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('answer every test of both suites', () => {
    const covered = new Set(CONFORMANCE_CHECKS.flatMap(({ covers = [] }) => covers));
    const open = SUITE_TESTS.filter(({ id }) => !covered.has(id));
    expect(open).toEqual([]);
    const known = new Set(SUITE_TESTS.map(({ id }) => id));
    expect([...covered].filter((id) => !known.has(id))).toEqual([]);
  });
});
