/** `accounts` and `schema discover`: what they print, their exit codes, and that nothing is changed. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { serveApp } from '../../fixtures/targets/serve-app.ts';
import { runAs } from '../support/cli.ts';
import { aUser, everyone, openWorld, type World } from '../support/world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const account = (userName: string, mail = userName) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  active: true,
  emails: [{ type: 'work', value: mail }],
});

async function open() {
  const users = [account('u1@contoso.com'), account('second', 'u2@contoso.com'), account('stranger@fabrikam.net')];
  world = await openWorld({
    directory: everyone([aUser('u1'), aUser('u2')]),
    app: { token: 'test-token', seed: { users } },
  });
  const requests = world.app.requests;
  const run = (...args: string[]) => runAs([...args, '-c', world?.configPath ?? '']);
  return { run, requests };
}

test('OK-11: accounts says who is whom, who is nobody, who would be locked out, and whose name is not the address', async () => {
  const { run, requests } = await open();
  const { code, out } = await run('accounts');
  expect(out).toContain('3 accounts in 1 page · nothing is changed');
  expect(out).toContain("matched 2   nobody's 1   locked out with single sign-on 1");
  expect(out).toContain('second = u2@contoso.com');
  expect(out).toContain('second, mail u2@contoso.com');
  expect(code).toBe(0);
  expect(requests.every(({ method }) => method !== 'PATCH' && method !== 'PUT' && method !== 'DELETE')).toBe(true);
});

test('accounts --before-sign-on fails while somebody would be locked out; JSON lists everybody', async () => {
  const { run } = await open();
  const { code, out } = await run('accounts', '--before-sign-on', '--json');
  expect(code).toBe(3);
  const { formatVersion, jobs } = JSON.parse(out) as {
    formatVersion: number;
    jobs: { lockedOut: { name: string }[] }[];
  };
  expect(formatVersion).toBe(1);
  expect(jobs[0]?.lockedOut.map(({ name }) => name)).toEqual(['stranger@fabrikam.net']);
});

test('looking takes no notice of changes: the next cycle still finds them', async () => {
  const { run } = await open();
  await run('accounts');
  expect((await world?.cycle())?.cycle.counts.created).toBe(1);
});

test('schema discover marks what the mapping writes', async () => {
  const { run } = await open();
  const { code, out } = await run('schema', 'discover');
  expect(code).toBe(0);
  expect(out).toMatch(/✓ userName {2}string/);
  expect(out).toMatch(/· nickName {2}string/);
});

test.each([
  ['accounts --before-sign-on', '/Users', 500],
  ['accounts --before-sign-on', '/Users', 403],
  ['accounts', '/Users', 404],
  ['schema discover', '/Schemas', 503],
  ['schema discover', '/Schemas', 404],
])('%s: the target as a whole answers %s with %i, which is exit 4', async (command, path, status) => {
  const { run } = await open();
  world?.inject({ match: { path }, times: 'always', fault: { kind: 'status', status } });
  const { code, err } = await run(...command.split(' '));
  expect(code).toBe(4);
  expect(err).toContain(`the target answered ${status} to GET ${path}`);
  expect(err).not.toContain('filter');
  expect(err.includes('the application has no /Schemas')).toBe(path === '/Schemas' && status === 404);
});

test('accounts ends where the target pages without end, with what to look at', async () => {
  const { run } = await open();
  let asked = 0;
  const endless = await serveApp({
    handle: async () => {
      asked += 1;
      return Response.json({
        totalResults: 1e9 * asked,
        Resources: [account('u1@contoso.com')].map((one) => ({ id: 'x', ...one })),
      });
    },
  });
  try {
    const text = await readFile(world?.configPath ?? '', 'utf8');
    await writeFile(world?.configPath ?? '', text.replaceAll(world?.targetUrl ?? '', `${endless.url}/scim`));
    const { code, err } = await run('accounts');
    expect(err).toContain('the target gives the same page again for the next startIndex');
    expect(err).toContain('scimulate conform --only page-users');
    expect(code).toBe(4);
    expect(asked).toBe(2);
  } finally {
    await endless.close();
  }
});
