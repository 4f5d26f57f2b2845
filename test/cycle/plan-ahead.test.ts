/** Pages are planned ahead of the one being written, and nothing but the time of the reads shows it (docs/adr/0001). */
import { afterEach, expect, it } from 'vitest';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** `count` users in the order of the pages: a page holds a hundred. */
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aUser(`u${String(index).padStart(4, '0')}`));

const PAGE = 100;

it('a page is read before the one ahead of it is written', async () => {
  world = await openWorld({ directory: everyone(many(3 * PAGE)) });
  const { requests } = await world.cycle();
  const firstRead = (id: string) => requests.findIndex(({ method, path }) => method === 'GET' && path.includes(id));
  const firstCreate = (id: string) =>
    requests.findIndex(({ method, body }) => method === 'POST' && JSON.stringify(body).includes(`${id}@contoso.com`));
  expect(firstRead('u0150')).toBeLessThan(firstCreate('u0050'));
  expect(requests).toHaveLength(6 * PAGE);
});

it('a read that an earlier page may change waits for that page: two users with one name share the account', async () => {
  const users = many(PAGE + 5);
  Object.assign(users[PAGE + 1] ?? {}, { userPrincipalName: 'U0099@contoso.com' });
  world = await openWorld({ directory: everyone(users) });
  const { requests, cycle } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: PAGE + 4, failed: 0, warnings: 1 });
  const named = requests.filter(({ path, body }) =>
    /u0099@contoso/i.test(`${decodeURIComponent(path)} ${JSON.stringify(body)}`),
  );
  expect(named.slice(0, 3).map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  const warning = (await world.logs()).find(({ sourceIdentity }) => sourceIdentity.id === 'u0101');
  expect(warning?.provisioningStatusInfo.status).toBe('warning');
});

it('a name that an earlier page gives up is free for a later one', async () => {
  const users = many(PAGE + 1);
  world = await openWorld({ directory: everyone(users) });
  await world.cycle();
  Object.assign(users[0] ?? {}, { userPrincipalName: 'renamed@contoso.com' });
  for (const user of users.slice(1, PAGE)) Object.assign(user, { displayName: `${user.displayName} again` });
  users.push(aUser('u0200', { userPrincipalName: 'u0000@contoso.com' }));
  Object.assign(world.directory, everyone(users));
  const { cycle } = await world.cycle();
  expect(cycle.counts).toMatchObject({ created: 1, updated: PAGE, failed: 0, warnings: 0 });
  const names = world.app.state.users().map(({ userName }) => userName);
  expect(names).toContain('renamed@contoso.com');
  expect(names).toContain('u0000@contoso.com');
});

it('a page whose reads end the job is no reason to forget the page before it', async () => {
  world = await openWorld({ directory: everyone(many(2 * PAGE)) });
  world.inject({ match: { method: 'GET', path: 'u0150' }, times: 'always', fault: { kind: 'status', status: 401 } });
  const { error, cycle } = await world.cycle();
  expect(error?.code).toBe('InvalidCredentials');
  expect(cycle.counts.created).toBe(PAGE);
  const links: string[] = [];
  for await (const link of world.engine().links('app')) links.push(link.sourceId);
  expect(links).toHaveLength(PAGE);
});
