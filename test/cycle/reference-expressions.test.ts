/** `[manager]` as an expression is the reference; `objectFilter` is no attribute of the target (map 3.4, expressions.md 5.6). */
import { afterEach, expect, test } from 'vitest';
import { aUser, ENTERPRISE, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

test('a manager is the account, and nobody is sent a filter', async () => {
  world = await openWorld({
    mapping: `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: '${ENTERPRISE}:manager', expr: '[manager]' }
      - { to: objectFilter, expr: 'IIF([city] = "Nowhere", IgnoreObjectFlow, "keep")' }
`,
    directory: everyone([aUser('u1'), aUser('u2', { manager: 'u1' }), aUser('u3', { city: 'Nowhere' })]),
  });
  const { requests } = await world.cycle();
  const [first, second, ...others] = world.app.state.users();
  expect(others).toEqual([]);
  expect(second).toMatchObject({ userName: 'u2@contoso.com', [ENTERPRISE]: { manager: { value: first?.id } } });
  expect(JSON.stringify(requests)).not.toContain('keep');
});
