/** A scoping filter sees what a mapping sees, stated in the directory or not (mappings-and-scoping.md 5, 6.1). */
import { afterEach, expect, test } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

test.each([
  [
    'accountEnabled, which nobody states',
    '{ attr: accountEnabled, op: IS TRUE }',
    ['u1@contoso.com', 'u3@contoso.com'],
  ],
  ['objectId', '{ attr: objectId, op: EQUALS, value: u3 }', ['u3@contoso.com']],
])('%s', async (_what, clause, created) => {
  world = await openWorld({
    mapping: `objects:
  - name: Users
    from: User
    to: User
    where: [{ name: filter, all: [${clause}] }]
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
`,
    directory: everyone([aUser('u1'), aUser('u2', { accountEnabled: false }), aUser('u3')]),
  });
  const { requests } = await world.cycle();
  const posted = requests.filter(({ method }) => method === 'POST');
  expect(posted.map(({ body }) => (body as { userName: string }).userName)).toEqual(created);
});
