/** What a scenario file may say, and what is told when it says something else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../engine/config/load-scenario.ts';
import { runScenario } from '../../engine/simulate/run-scenario.ts';
import { runAs } from '../support/cli.ts';

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEAD = `name: Test
directory: ${resolve('fixtures/directories/small.yaml')}
mapping: ${resolve('mappings/scim.yaml')}
`;

async function write(text: string): Promise<string> {
  const file = join(folder, 'scenario.yaml');
  await writeFile(file, HEAD + text);
  return file;
}

async function play(steps: string): Promise<readonly string[]> {
  const { scenario, diagnostics } = await loadScenario(await write(`steps:\n${steps}`));
  expect(diagnostics).toEqual([]);
  if (scenario === undefined) return [];
  return (await runScenario(scenario)).steps.flatMap(({ failures }) => failures.map((one) => one.split('\n')[0] ?? ''));
}

describe('findings', () => {
  test.each([
    ['steps: [{ at: soon }]', '4:15 bad-time'],
    ['steps: [{ at: +2h }, { at: +1h }]', '4:28 time-runs-back'],
    ['steps: [{ at: +0, expekt: {} }]', '4:19 unknown-key'],
    ['steps: [{ at: +0, do: [{ start: true, pause: true }] }]', '4:24 one-action'],
    ['steps: [{ at: +0, do: [{ target: { request: users } }] }]', '4:34 bad-request'],
    ['steps: [{ at: +0, expect: { sent: [DELETE] } }]', '4:36 bad-value'],
    ['steps: [{ at: +0, expect: { notSent: [PSOT /Users] } }]', '4:39 bad-value'],
    ['steps: [{ at: +0, expect: { notSent: [OPTIONS /Users] } }]', '4:39 bad-value'],
    ['steps: [{ at: +0, expect: { notSent: [{ request: "/Users" }] } }]', '4:50 bad-value'],
    ['steps: [{ at: +0, do: [{ fault: { fault: drop, times: sometimes } }] }]', '4:55 bad-value'],
    ['steps: [{ at: +0, do: [{ fault: { fault: status, status: 99 } }] }]', '4:58 bad-value'],
    ['steps: [{ at: +0, do: [{ unassign: u-anna }] }]', '4:36 unknown-object'],
    ['steps: [{ at: +0, do: [{ addMember: { group: Stuff, member: u-dan } }] }]', '4:46 unknown-object'],
    ['start: never\nsteps: [{ at: +0 }]', '4:8 bad-time'],
    ['start: 2026-02-30T00:00:00Z\nsteps: [{ at: +0 }]', '4:8 bad-time'],
  ])('%s', async (text, expected) => {
    const { scenario, diagnostics } = await loadScenario(await write(text));
    expect(scenario).toBeUndefined();
    expect(diagnostics.map(({ at, code }) => `${at.line}:${at.column} ${code}`)).toEqual([expected]);
  });
});

test('attributes that are probably misspelt are warned of, and the scenario is played', async () => {
  const edits =
    '{ set: { object: u-dan, attributes: { jobTitel: A, shoeSize: 9 } } }, { addUser: { id: u9, Mail: x } }';
  const { code, err } = await runAs(['simulate', await write(`steps: [{ at: +0, do: [${edits}] }]`)]);
  expect(code).toBe(0);
  expect(err).toMatch(
    /4:62 {2}warning {2}unknown-attribute\n.*"jobTitle".*4:115 {2}warning {2}unknown-attribute\n.*"mail"/s,
  );
});

describe('a failing expectation says what was seen instead', () => {
  test.each([
    ['{ cycles: 2 }', 'cycles: expected 2, saw 1'],
    ['{ kind: incremental }', 'kind of the last cycle: expected "incremental", saw "initial"'],
    ['{ counts: { created: 3 } }', 'created in the last cycle: expected 3, saw 4'],
    ['{ sent: [DELETE /Users/*] }', 'request DELETE /Users/* was not sent; sent were'],
    ['{ notSent: [POST /Groups] }', 'request POST /Groups was sent'],
    ['{ job: { status: Paused } }', 'status: expected "Paused", saw "Active"'],
    ['{ job: { quarantine: TooManyDeletes } }', 'quarantine: expected "TooManyDeletes", saw null'],
    ['{ target: { users: { dan@contoso.com: { active: true } } } }', 'account dan@contoso.com: there is none'],
    [
      '{ target: { users: { ana@contoso.com: { title: Boss } } } }',
      'account ana@contoso.com, title: expected "Boss", saw "Clerk"',
    ],
    [
      '{ target: { groups: { Staff: { members: [] } } } }',
      'members of Staff: expected [], saw ["ana@contoso.com","ben@contoso.com"]',
    ],
    [
      '{ logs: [{ object: ana@contoso.com, status: failure }] }',
      'log record {"object":"ana@contoso.com","status":"failure"} is missing; there were',
    ],
    ['{ notifications: 1 }', 'notifications: expected 1, saw 0'],
  ])('%s', async (expectation, failure) => {
    expect(await play(`  - at: +0\n    expect: ${expectation}`)).toEqual([failure]);
  });

  test('answers to the requests of somebody else', async () => {
    const ask = '  - at: +0\n    do: [{ target: { request: GET /Users?count=0 } }]\n    expect: ';
    expect(await play(`${ask}{ answers: [{ totalResults: 0, error: null }] }`)).toEqual([]);
    const [failure] = await play(`${ask}{ answers: [{ totalResults: null }] }`);
    expect(failure).toMatch(/^answer of the application: expected \{"totalResults":null\}, saw \{.*"totalResults":0/);
  });

  test('writes are complete: each one expected, none besides', async () => {
    const failures = await play('  - at: +0\n    expect: { writes: [POST /Users, POST /Users, DELETE /Users/*] }');
    expect(failures[0]).toBe('write DELETE /Users/* was not sent');
    expect(failures.slice(1).every((failure) => failure.endsWith('was not expected'))).toBe(true);
    expect(failures).toHaveLength(6);
  });
});

describe('the command', () => {
  test('exits 0 when all passed, 3 when one did not, and writes JUnit', async () => {
    const file = await write('steps: [{ at: +0, expect: { cycles: 1 } }]');
    expect((await runAs(['simulate', file])).code).toBe(0);
    const wrong = await write('steps: [{ at: +0, expect: { cycles: 5 } }]');
    const junit = join(folder, 'junit.xml');
    const failed = await runAs(['simulate', wrong, '--junit', junit]);
    expect(failed.code).toBe(3);
    expect(failed.out).toContain('cycles: expected 5, saw 1');
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(junit, 'utf8')).toContain('<failure message="+0: cycles: expected 5, saw 1">');
  });

  test('exits 2 on a file that cannot be played', async () => {
    const result = await runAs(['simulate', await write('profile: scimm\nsteps: [{ at: +0 }]')]);
    expect(result.code).toBe(2);
    expect(result.err).toContain('did you mean "scim"?');
  });

  test('repeats exactly', async () => {
    const file = resolve('fixtures/scenarios/group-churn.yaml');
    const run = async () => (await runAs(['simulate', file, '--json'])).out.replace(/"seconds": [\d.]+/, '');
    expect(await run()).toBe(await run());
  });
});

test('what a step did to the directory is told with the cycle that read it, once', async () => {
  const file = await write(`steps:
  - { at: +0, do: [{ start: true }] }
  - { at: +40m, do: [{ assign: { user: u-dan, role: Usr } }] }
  - { at: +80m }
`);
  const { code, out } = await runAs(['simulate', file]);
  expect(code).toBe(0);
  expect(out.match(/directory: warning {2}app has no role "Usr"\. Did you mean "User"\?/g)).toHaveLength(1);
});
