/** Endpoints as people build them: what is said of them has to be true. */
import { describe, expect, it } from 'vitest';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { conformTo, rootsOf } from '../support/endpoint.ts';
import { TOKEN } from '../support/world.ts';

const strict = () => createScimApp({ token: TOKEN, uniqueGroupNames: true });
const pathOf = (request: Request) => new URL(request.url).pathname;
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/scim+json' } });

describe('what Entra would do', () => {
  it('is no failure of an object where Entra does not send the request', async () => {
    const app = strict();
    const report = await conformTo(
      async (request) =>
        /\+(co|sw|gt)\+|externalId/.test(request.url) || (await request.clone().text()).includes('"value":""')
          ? json(400, { detail: 'not supported' })
          : app.handle(request),
      { ids: ['filter-contains', 'filter-greater-than', 'filter-external-id', 'clear-value', 'remove-manager-legacy'] },
    );
    const says = report.results.map(({ check, finding }) => [check.id, finding?.entra ?? check.entra]);
    expect(Object.fromEntries(says)).toEqual({
      'filter-contains': expect.stringContaining('filters with eq alone'),
      'filter-greater-than': expect.stringContaining('filters with eq alone'),
      'filter-external-id': expect.stringContaining('as soon as an administrator matches on externalId'),
      'clear-value': expect.stringContaining('does not clear values today'),
      'remove-manager-legacy': expect.stringContaining('tries again with growing gaps'),
    });
  });
});

it.each([
  [
    'UUIDs',
    /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    (count: number) => `3f2b8c1e-90ab-4cde-8f01-${String(count).padStart(12, '0')}`,
  ],
  ['numbers', /^\d{1,10}$/, String],
])('asks for unknown ids of the form that the endpoint gives: %s', async (_name, form, nextId) => {
  let last = 0;
  const app = createScimApp({ token: TOKEN, uniqueGroupNames: true, nextId: () => nextId(++last) });
  const report = await conformTo(
    async (request) => {
      const id = /^\/scim\/(?:Users|Groups)\/(.+)$/.exec(pathOf(request))?.[1];
      return id === undefined || form.test(id) ? app.handle(request) : json(400, { detail: 'no id' });
    },
    { ids: ['read-unknown', 'update-unknown', 'delete-unknown', 'delete-unknown-group'] },
  );
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed', 'passed']);
  expect(rootsOf(report, 'warning')).toEqual([]);
});

type Element = { readonly type?: string };
type Operation = { readonly path?: string; readonly value?: unknown };

/** A PATCH of `list[type eq "x"].sub` leaves of the list what `rest` makes of its elements. */
function replacing(rest: (elements: readonly Element[], changed: Element) => readonly Element[]) {
  const app = strict();
  return async (request: Request) => {
    const { method, headers } = request;
    const text = method === 'PATCH' ? await request.clone().text() : '';
    const answer = await app.handle(request);
    const { Operations = [] } = (text === '' ? {} : JSON.parse(text)) as { readonly Operations?: readonly Operation[] };
    for (const { path, value } of Operations) {
      const [, list = '', type = '', sub = ''] = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path ?? '') ?? [];
      if (list === '' || list === 'roles' || answer.status >= 300) continue;
      const user = (await (await app.handle(new Request(request.url, { headers }))).json()) as Record<string, unknown>;
      const elements = rest(user[list] as readonly Element[], { type, [sub]: value });
      await app.handle(
        new Request(request.url, { method: 'PUT', headers, body: JSON.stringify({ ...user, [list]: elements }) }),
      );
    }
    return answer;
  };
}

it.each([
  ['the list', /^answered 20\d, phoneNumbers\[type eq "work"\].value is missing/, replacing((_all, one) => [one])],
  [
    'the element',
    /^answered 20\d, addresses\[type eq "work"\].locality is missing/,
    replacing((all, one) => all.map((other) => (other.type === one.type ? one : other))),
  ],
])('names a change of one value that replaces %s around it', async (_what, found, handle) => {
  const report = await conformTo(handle);
  expect(rootsOf(report, 'failed')).toEqual(['update-keeps-neighbours-legacy']);
  const finding = report.results.find(({ check }) => check.id === 'update-keeps-neighbours-legacy')?.finding;
  expect(finding?.found).toMatch(found);
});

/** Every `eq` filter of a name is answered as if it were written otherwise. */
function filtering(rewrite: (attribute: string, value: string) => string) {
  const app = strict();
  return async (request: Request) => {
    const url = new URL(request.url);
    const [, attribute, value] = /^(userName|displayName) eq "(.*)"$/.exec(url.searchParams.get('filter') ?? '') ?? [];
    if (attribute !== undefined && value !== undefined) url.searchParams.set('filter', rewrite(attribute, value));
    return app.handle(url.href === request.url ? request : new Request(url, request));
  };
}

it.each([
  ['contains', (attribute: string, value: string) => `${attribute} co "${value}"`],
  ['begins with', (attribute: string, value: string) => `${attribute} sw "${value}"`],
  [
    'matches as LIKE',
    (attribute: string, value: string) =>
      [value, value.replaceAll('_', '-')].map((one) => `${attribute} eq "${one}"`).join(' or '),
  ],
])('names a filter with eq that %s', async (_what, rewrite) => {
  const report = await conformTo(filtering(rewrite));
  expect(rootsOf(report, 'failed')).toEqual(['filter-exact', 'group-filter-exact']);
});

it('names a filter by userName that looks at mail addresses too', async () => {
  const report = await conformTo(
    filtering((attribute, value) =>
      attribute === 'userName' ? `userName eq "${value}" or emails.value eq "${value}"` : `displayName eq "${value}"`,
    ),
  );
  expect(rootsOf(report, 'failed')).toEqual(['filter-exact']);
});

it('names an endpoint whose filters find what was deleted', async () => {
  const app = strict();
  const deleted: Record<string, string>[] = [];
  const report = await conformTo(
    async (request) => {
      if (request.method === 'DELETE') {
        const { url, headers } = request;
        const before = (await (await app.handle(new Request(url, { headers }))).json()) as Record<string, string>;
        if (before.id !== undefined) deleted.push(before);
        return app.handle(request);
      }
      const [, path = '', value] =
        /^(userName|displayName) eq "(.*)"$/.exec(new URL(request.url).searchParams.get('filter') ?? '') ?? [];
      const ghost = deleted.find((one) => value !== undefined && one[path] === value);
      return ghost === undefined ? app.handle(request) : json(200, { totalResults: 1, Resources: [ghost] });
    },
    { ids: ['delete-user', 'delete-group'] },
  );
  expect(report.results.map(({ outcome, finding }) => [outcome, finding?.found])).toEqual([
    ['failed', 'answered 204, and a filter still finds the user'],
    ['failed', 'answered 204, and a filter still finds the group'],
  ]);
  expect(report.results[0]?.finding?.entra).toContain('InvalidAnchor');
});

describe('cleaning up', () => {
  it('lists what stays where DELETE only says that it deletes', async () => {
    const app = strict();
    const report = await conformTo(
      async (request) => (request.method === 'DELETE' ? new Response(null, { status: 204 }) : app.handle(request)),
      { ids: ['add-member-legacy'] },
    );
    const { removed, left } = report.cleanUp;
    const there = [...app.state.groups(), ...app.state.users()].map(({ id }) => id);
    expect([removed, left.map(({ id }) => id).sort()]).toEqual([0, there.sort()]);
    expect(new Set(left.map(({ why }) => why))).toEqual(
      new Set(['DELETE answered with success, and it is still there']),
    );
  });

  it('finds by name what is not there under the id that its creation was answered with', async () => {
    const app = strict();
    const report = await conformTo(
      async (request) => {
        const answer = await app.handle(request);
        if (request.method !== 'POST' || answer.status !== 201) return answer;
        const made = (await answer.json()) as { readonly id: string };
        return json(201, { ...made, id: `pending-${made.id}` });
      },
      { ids: ['create-user', 'create-group'] },
    );
    expect(report.cleanUp.left).toEqual([]);
    expect([app.state.users(), app.state.groups()]).toEqual([[], []]);
  });
});

it.each([
  ['refused', () => json(412, { detail: 'If-Match is missing' }), 'answered 412: If-Match is missing'],
  ['answered and not made', () => new Response(null, { status: 204 }), /^answered 204, displayName is "/],
])('names PATCH where every change is %s, not the form of the requests', async (_what, answer, found) => {
  const app = strict();
  const report = await conformTo(async (request) => (request.method === 'PATCH' ? answer() : app.handle(request)));
  expect(rootsOf(report, 'failed')).toEqual(['patch-user']);
  expect(rootsOf(report, 'warning')).toEqual([]);
  expect(report.results.find(({ check }) => check.id === 'patch-user')?.finding?.found).toEqual(
    typeof found === 'string' ? found : expect.stringMatching(found),
  );
});

it('only warns where a create is answered with the id alone, or with the account that is there', async () => {
  const app = strict();
  const ids = ['create-user', 'create-duplicate', 'create-after-delete', 'create-group'];
  const report = await conformTo(
    async (request) => {
      const sent = request.method === 'POST' ? ((await request.clone().json()) as { readonly userName?: string }) : {};
      const answer = await app.handle(request);
      if (request.method !== 'POST') return answer;
      const there = app.state.users().find(({ userName }) => userName === sent.userName);
      if (answer.status === 409) return json(200, { id: there?.id });
      return json(201, { id: ((await answer.json()) as { readonly id: string }).id });
    },
    { ids },
  );
  expect(report.results.map(({ outcome, finding }) => [outcome, finding?.found])).toEqual([
    ['warning', expect.stringMatching(/^answered 201, but userName is missing/)],
    ['warning', 'answered 200 with the first one'],
    ['warning', expect.stringMatching(/^answered 201, but userName is missing/)],
    ['warning', expect.stringMatching(/^answered 201, but displayName is missing/)],
  ]);
});

it('says of groups that are no list what is wrong with them', async () => {
  const app = strict();
  const report = await conformTo(
    async (request) => (pathOf(request).endsWith('/Groups') ? json(200, []) : app.handle(request)),
    { ids: ['group-endpoint'] },
  );
  expect(report.results[0]?.finding?.found).toBe('answered 200 with something that is no ListResponse');
});

it('does not judge changes of a displayName that the endpoint composes from the name', async () => {
  const app = strict();
  const report = await conformTo(async (request) => {
    const answer = await app.handle(request);
    const text = await answer.text();
    const composed = text.replace(/"displayName":"(?:\\.|[^"])*"(.*?"name":\{[^}]*?\})/gs, (_whole, rest: string) => {
      const part = (key: string) => new RegExp(`"${key}":"([^"]*)"`).exec(rest)?.[1] ?? '';
      return `"displayName":"${part('givenName')} ${part('familyName')}"${rest}`;
    });
    return new Response(text === '' ? null : composed, answer);
  });
  expect(rootsOf(report, 'failed')).toEqual([]);
  expect(rootsOf(report, 'warning')).toEqual(['create-keeps-core']);
});
