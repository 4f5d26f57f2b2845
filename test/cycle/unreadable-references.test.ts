/** The later pass reads some objects once more: one that it cannot read fails alone (scim-wire.md 9.1). */
import { afterEach, expect, test } from 'vitest';
import { previewHuman } from '../../engine/cli/views/preview-human.ts';
import type { Injection } from '../../fixtures/targets/faults.ts';
import { aUser, type CycleTrace, everyone, openWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

/** Ana manages Ben, who cannot be read; Cia leaves later. Their ids in the target are t1, t2 and t3. */
async function open(target: Readonly<Record<string, unknown>>): Promise<void> {
  world = await openWorld({
    directory: everyone(
      [aUser('ana'), aUser('ben', { manager: 'ana' }), aUser('cia')],
      [{ id: 'g1', displayName: 'Staff', members: ['ana', 'ben'] }],
    ),
    target,
  });
}

const BEN: Injection['match'] = { method: 'GET', path: /\/Users\/t2$/ };
const refuse = (match: Injection['match'], status: number, times: number | 'always' = 'always') =>
  world.inject({ match: match ?? {}, times, fault: { kind: 'status', status } });

const writes = ({ requests }: CycleTrace) =>
  requests.flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]));

function unassign(id: string): void {
  const [application] = world.directory.applications;
  if (application !== undefined) application.assignments = application.assignments.filter(({ user }) => user !== id);
}

test.each([
  [{ client: 'okta-oin' }, 403, 'InsufficientRights'],
  [{ client: 'okta-oin' }, 500, 'InternalServerError'],
  [{ client: 'okta-aiw' }, 403, 'InsufficientRights'],
  [{ updateMethod: 'put' }, 403, 'InsufficientRights'],
])('%o: a user who is answered %i keeps no manager, and everybody else goes on', async (target, status, code) => {
  await open(target);
  refuse(BEN, status);
  const first = await world.cycle();
  expect(first.cycle.error).toBeUndefined();
  expect(first.cycle.counts).toMatchObject({ created: 3, failed: 1 });
  expect(first.cycle.references).toEqual({ managers: 0, members: 2 });
  const failed = (await world.logs()).filter((record) => record.provisioningStatusInfo.status === 'failure');
  expect(failed.map((record) => [record.sourceIdentity.id, record.provisioningAction])).toEqual([['ben', 'update']]);
  expect(failed[0]?.provisioningStatusInfo.errorInformation?.errorCode).toBe(code);
  expect((await world.engine().status('app')).escrows).toMatchObject({ objects: 0, references: 1 });
  unassign('cia');
  expect(writes(await world.cycle()).map((line) => line.split(' ')[1])).toEqual(['/Users/t3']);
});

test('a user who can be read again gets the manager when the retry is due', async () => {
  await open({ client: 'okta-oin' });
  refuse(BEN, 403, 1);
  await world.cycle();
  expect(writes(await world.cycle())).toEqual(['PUT /Users/t2']);
  expect((await world.engine().status('app')).escrows).toMatchObject({ objects: 0, references: 0 });
});

test('a user whom the target no longer has is an InvalidAnchor, and nothing is sent', async () => {
  await open({ client: 'okta-aiw' });
  refuse(BEN, 404);
  const trace = await world.cycle();
  expect(writes(trace).filter((line) => line.startsWith('PUT /Users'))).toEqual([]);
  const records = await world.logs();
  expect(records.map((record) => record.provisioningStatusInfo.errorInformation?.errorCode ?? '')).toContain(
    'InvalidAnchor',
  );
});

test('a target that refuses the filter of the reference probe', async () => {
  await open({ referenceProbe: true });
  refuse({ method: 'GET', path: 'attributes=id' }, 400);
  const first = await world.cycle();
  expect(first.cycle.error).toBeUndefined();
  expect(first.cycle.counts).toMatchObject({ created: 3, failed: 1 });
  unassign('cia');
  expect(writes(await world.cycle())).toEqual(['PATCH /Users/t3']);
});

test('a token that is refused there ends the cycle, as anywhere', async () => {
  await open({ client: 'okta-oin' });
  refuse(BEN, 401);
  expect((await world.cycle()).cycle.error).toMatchObject({ code: 'InvalidCredentials' });
});

test('preview shows the failure, and on demand it is one of the object', async () => {
  await open({ client: 'okta-oin' });
  await world.cycle();
  const ben = world.directory.users.find(({ id }) => id === 'ben');
  if (ben !== undefined) ben.manager = 'cia';
  // The first pass reads too.
  world.inject({ match: BEN, fault: { kind: 'latency', ms: 0 } });
  refuse(BEN, 403, 1);
  const preview = await world.preview();
  expect(preview.operations.flatMap(({ failure }) => failure?.code ?? [])).toEqual(['InsufficientRights']);
  expect(previewHuman(preview, 500)).toMatch(/✗ fail +ben@contoso\.com .*the target answered 403/);
  world.inject({ match: BEN, fault: { kind: 'latency', ms: 0 } });
  refuse(BEN, 403, 1);
  const provisioned = await world.engine().provision('app', 'ben@contoso.com');
  expect(provisioned.outcomes.map(({ status }) => status)).toEqual(['skipped', 'failure']);
});
