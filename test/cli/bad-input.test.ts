/**
 * Bad input of every kind: a clear message with place and remedy, the documented exit code, nothing lost.
 * Codes: 2 what the operator wrote, 3 some objects failed, 4 the job failed (style.md 13).
 */

import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runAs } from '../support/cli.ts';
import { aUser, DEFAULT_MAPPING, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
const servers: Server[] = [];

beforeEach(async () => {
  world = await openWorld({ directory: everyone([aUser('u1'), aUser('u2'), aUser('u3')]) });
  await world.cycle();
});

afterEach(async () => {
  await world.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const sync = () => runAs(['sync', '-c', world.configPath]);
const edit = async (name: string, change: (text: string) => string) => {
  const path = join(world.folder, name);
  await writeFile(path, change(await readFile(path, 'utf8')));
};
const changeSomebody = async () => {
  const [first] = world.directory.users;
  if (first !== undefined) first.jobTitle = 'Boss';
  await world.save();
};
const accounts = () => world.app.state.users().filter(({ active }) => active === true).length;

/** Nothing of what was known or provisioned is lost, and the next good cycle carries on. */
async function nothingIsLost(): Promise<void> {
  expect(accounts()).toBe(3);
  expect((await world.engine().status('app')).links.User).toBe(3);
}

describe('what the operator wrote: exit 2, before anything is sent', () => {
  afterEach(async () => {
    await nothingIsLost();
  });

  test('malformed YAML', async () => {
    await writeFile(world.configPath, 'tenantId: x\njobs:\n  - name: [app\n');
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toMatch(/config\.yaml:\d+:\d+ {2}error {2}malformed-yaml/);
    expect(err).toContain('mend these and run again');
  });

  test('an unknown key in the configuration', async () => {
    await edit('config.yaml', (text) => text.replace('"auth"', '"auht"'));
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toMatch(/unknown-key\n.*auht.*auth/s);
  });

  test('an unknown key in the mapping', async () => {
    await edit('mapping.yaml', (text) => text.replace('to: title, from:', 'to: title, form:'));
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toMatch(/mapping\.yaml:10:\d+ {2}error {2}unknown-key/);
    expect(err).toContain('from');
  });

  test('an expression with a syntax error', async () => {
    await edit('mapping.yaml', (text) => text.replace('Switch([IsSoftDeleted],', 'Switch([IsSoftDeleted,'));
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toMatch(/mapping\.yaml:8:\d+ {2}error {2}parse-error/);
    expect(err).toContain('^');
  });

  test('a misspelt function', async () => {
    await edit('mapping.yaml', (text) => text.replace('Switch(', 'Swich('));
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toContain('Switch');
    expect(err).toContain('unknown-function');
  });

  test('a mapping to a bad path', async () => {
    await edit('mapping.yaml', (text) => text.replace('to: title', "to: 'emails[type eq work'"));
    const { code, err } = await sync();
    expect(code).toBe(2);
    expect(err).toMatch(/mapping\.yaml:10:\d+ {2}error {2}\S*path/);
  });

  test('an unknown flag gets a suggestion', async () => {
    const { code, err } = await runAs(['sync', '--jbo', 'app']);
    expect(code).toBe(2);
    expect(err).toContain('(Did you mean --job?)');
  });

  test('an unknown command gets a suggestion', async () => {
    const { code, err } = await runAs(['snyc']);
    expect(code).toBe(2);
    expect(err).toContain('(Did you mean sync?)');
  });

  test.each(['', 'schema'])('"scimulate %s" alone gets the help, and no advice to ask for it', async (command) => {
    const { code, err } = await runAs(command === '' ? [] : [command]);
    expect(code).toBe(2);
    expect(err).toMatch(/^Usage: scimulate/);
    expect(err).not.toContain('see:');
  });

  test.each([
    ['sync', '--job', 'nosuch', '--job', 'app'],
    ['restart', '--job', 'app', '--job', 'two', '--yes'],
    ['schema discover', '--config', 'config.yaml', '-c', 'config.yaml'],
    ['sync', '--cycles', '1', '--cycles', '1'],
  ])('%s with %s twice, of which one would not count', async (command, ...args) => {
    const { code, err } = await runAs([...command.split(' '), ...args], { cwd: world.folder });
    const option = args[0];
    expect([code, err]).toEqual([
      2,
      `error  ${command} takes ${option} once, and it is given twice\n       leave one of the two out\n`,
    ]);
  });

  test('an unknown job gets a suggestion', async () => {
    const { code, err } = await runAs(['sync', '-c', world.configPath, '--job', 'ap']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "app"?');
  });

  test('no configuration at all', async () => {
    const { code, err } = await runAs(['sync'], { cwd: join(world.folder, '..') });
    expect(code).toBe(2);
    expect(err).toContain('-c FILE');
  });

  test('a secret that is not set', async () => {
    const { code, err } = await runAs(['sync', '-c', world.configPath], { env: { SCIM_TOKEN: '' } });
    expect(code).toBe(2);
    expect(err).toContain('SCIM_TOKEN');
  });
});

describe('the directory: the cycle fails or goes on without the broken object', () => {
  test('two objects with one id', async () => {
    await changeSomebody();
    await edit('directory.json', (text) => text.replace('"id": "u3"', '"id": "u2"'));
    const { code, err } = await sync();
    expect(err).toMatch(/directory\.json:\d+:\d+ {2}error {2}duplicate-id/);
    expect(code).toBe(3);
    expect(world.app.state.users().find(({ userName }) => userName === 'u1@contoso.com')?.title).toBe('Boss');
    await nothingIsLost();
  });

  test.each([
    ['empty where it was not before', '{"users":[],"groups":[],"applications":[]}', 'DirectoryEmpty'],
    ['cut off', '{"users":[{"id":"u1"', 'DirectoryUnreadable'],
    ['gone', '', 'Directory'],
  ])('%s', async (_name, text, code) => {
    await writeFile(join(world.folder, 'directory.json'), text);
    const result = await sync();
    expect(result.code).toBe(4);
    expect(result.out).toContain('nothing was changed in the target');
    expect((await world.engine().status('app')).record?.lastCycle?.error?.code).toContain(code);
    await nothingIsLost();
    await world.save();
    expect((await sync()).code).toBe(0);
  });
});

async function targetAnswers(
  listener: RequestListener,
): Promise<{ readonly seen: { url: string; authorization: string }[] }> {
  const seen: { url: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim`;
  await edit('config.yaml', (text) => text.replace(/http:\/\/127\.0\.0\.1:\d+\/scim/, url));
  return { seen };
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/scim+json' }).end(JSON.stringify(body));
  };
const EMPTY = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0, Resources: [] };

describe('the target as a whole: exit 4, the job is quarantined or waits, nothing is lost', () => {
  test.each<[string, RequestListener, RegExp]>([
    [
      'HTML',
      (_q, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
      /not.*JSON|HTML/i,
    ],
    ['truncated JSON', (_q, response) => response.writeHead(200).end('{"totalResults": 0, "Reso'), /JSON/i],
    ['401', json(401, { detail: 'expired' }), /401|token/i],
    ['404 to the filter', json(404, { detail: 'no such thing' }), /404/],
  ])('%s', async (_name, listener, message) => {
    await changeSomebody();
    await targetAnswers(listener);
    const { code, out } = await sync();
    expect(code).toBe(4);
    expect(out).toMatch(message);
    expect(out).toContain('EncounteredQuarantineException');
    await nothingIsLost();
  });

  test('a redirect to another host never carries the token there', async () => {
    const other = await targetAnswers(json(200, EMPTY));
    const elsewhere =
      (JSON.parse(await readFile(world.configPath, 'utf8')) as { jobs: { target: { url: string } }[] }).jobs[0]?.target
        .url ?? '';
    await targetAnswers((request, response) =>
      response.writeHead(302, { location: `${elsewhere}${request.url}` }).end(),
    );
    const { code, out } = await sync();
    expect(code).toBe(4);
    expect(out).toContain('the token is not sent to another host');
    expect(other.seen).toEqual([]);
    await nothingIsLost();
  });

  test('and nobody can be told of it: said beside the cause', async () => {
    await edit('config.yaml', (text) =>
      text.replace('"target"', '"notify": { "webhook": "http://127.0.0.1:9/hooks/42", "onFailure": true }, "target"'),
    );
    await targetAnswers(json(401, { detail: 'expired' }));
    const { code, out, err } = await sync();
    expect(code).toBe(4);
    expect(out).toContain('EncounteredQuarantineException');
    expect(err).toContain('app: warning  the webhook at 127.0.0.1:9 was not told');
    expect(err).not.toContain('/hooks/42');
    await nothingIsLost();
  });

  test('nobody listens', async () => {
    await edit('config.yaml', (text) => text.replace(/http:\/\/127\.0\.0\.1:\d+\/scim/, 'http://127.0.0.1:9/scim'));
    const { code, out } = await sync();
    expect(code).toBe(4);
    expect(out).toMatch(/127\.0\.0\.1:9/);
    await nothingIsLost();
  });
});

describe('the target on one object: exit 3, the others go on, a retry is planned', () => {
  test.each([
    [404, /InvalidAnchor|no longer/],
    [409, /409|Conflict/],
    [500, /500/],
    [400, /400/],
  ])('%i', async (status, message) => {
    const [first, second] = world.directory.users;
    if (first !== undefined) first.jobTitle = 'Boss';
    if (second !== undefined) second.jobTitle = 'Chief';
    await world.save();
    world.inject({ match: { method: 'PATCH', path: '/Users/t1' }, times: 'always', fault: { kind: 'status', status } });
    const { code, out } = await sync();
    expect(code).toBe(3);
    expect(out).toMatch(message);
    expect(out).toContain('scimulate why u1@contoso.com');
    expect((await world.engine().status('app')).escrows.objects).toBe(1);
    expect(world.app.state.users().find(({ userName }) => userName === 'u2@contoso.com')?.title).toBe('Chief');
    await nothingIsLost();
  });
});

test.each([
  [{ email: 'ops@contoso.com', onFailure: true }, undefined, true],
  [{ email: 'ops@contoso.com', onFailure: false }, undefined, false],
  [{ email: 'ops@contoso.com', onFailure: true }, { smtp: '${env:SCIM_TOKEN}' }, false],
])('validate warns of mail that nobody can send: %j with %j', async (notify, mail, warned) => {
  const { jobs, ...rest } = JSON.parse(await readFile(world.configPath, 'utf8'));
  const text = JSON.stringify({ ...rest, mail, jobs: [{ ...jobs[0], notify }] }, null, 1);
  await writeFile(world.configPath, text);
  const { code, out } = await runAs(['validate', '-c', world.configPath]);
  expect(code).toBe(0);
  expect(out.includes('no-mail-server')).toBe(warned);
});

test('validate finds it all at once', async () => {
  await writeFile(
    join(world.folder, 'mapping.yaml'),
    DEFAULT_MAPPING.replace('Switch(', 'Swich(').replace('from: jobTitle', 'from: jobtitle'),
  );
  const { code, out, err } = await runAs(['validate', '-c', world.configPath]);
  expect(code).toBe(2);
  expect(out + err).toContain('unknown-function');
  expect(out + err).toContain('attribute-case');
  expect(out + err).toMatch(/1 error, 1 warning/);
});

test('sync says that there is a warning, and where to read it', async () => {
  await edit('mapping.yaml', (text) => text.replace('from: jobTitle', 'from: jobtitle'));
  const { code, err } = await sync();
  expect(code).toBe(0);
  expect(err).toContain('1 warning about the configuration. See: scimulate validate -c ');
});
