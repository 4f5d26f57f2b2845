/** Redact keeps a value out of the provisioning log, and sends it all the same (expressions.md 8.2). */
import { afterEach, expect, test } from 'vitest';
import { aUser, everyone, openWorld, usersMapping, type World } from '../support/world.ts';

const MAPPING = usersMapping(
  '{ to: title, from: jobTitle }',
  `{ to: nickName, expr: 'Append(Redact([employeeId]), "!")' }`,
  `{ to: timezone, expr: 'IIF([city] = "", "", CStr(CDate(Redact([city]))))' }`,
);

let world: World;
afterEach(() => world.close());

test('the log of creates and updates shows [Redact]; the requests carry the value', async () => {
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1', { employeeId: 'secret-1' })]) });
  await world.cycle();
  expect(world.app.state.users()[0]?.nickName).toBe('secret-1!');
  Object.assign(world.directory.users[0] ?? {}, { employeeId: 'secret-2', jobTitle: 'Lead' });
  await world.cycle();
  expect(world.app.state.users()[0]?.nickName).toBe('secret-2!');
  const records = await world.logs();
  const changes = records.flatMap(({ modifiedProperties }) => modifiedProperties);
  expect(changes.filter(({ displayName }) => displayName === 'nickName')).toEqual([
    { displayName: 'nickName', oldValue: null, newValue: '[Redact]' },
    { displayName: 'nickName', oldValue: '[Redact]', newValue: '[Redact]' },
  ]);
  expect(changes).toContainEqual({ displayName: 'title', oldValue: null, newValue: 'Lead' });
  expect(JSON.stringify(records)).not.toContain('secret-');
});

test('the error of a redacted expression does not quote the value', async () => {
  world = await openWorld({ mapping: MAPPING, directory: everyone([aUser('u1', { city: 'secret-city' })]) });
  await world.cycle();
  const text = JSON.stringify(await world.logs());
  expect(text).toContain('the mapping of timezone failed: [Redact] (InvalidDate');
  expect(text).not.toContain('secret-city');
});
