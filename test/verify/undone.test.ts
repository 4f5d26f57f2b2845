/** A target that loses with one write what an earlier one brought: the later one is named, and its repetition shows it again. */
import { afterEach, expect, it } from 'vitest';
import type { Divergence } from '../../engine/engine.ts';
import type { ScimRequest } from '../../engine/model/scim-message.ts';
import { createScimApp } from '../../fixtures/targets/scim-app.ts';
import { type ServedApp, serveApp } from '../../fixtures/targets/serve-app.ts';
import { aUser, ENTERPRISE, everyone, openWorld, TOKEN, type World } from '../support/world.ts';

type Operation = { readonly op: string; readonly path?: string };
type Mistake = (operations: readonly Operation[]) => readonly Operation[];

let world: World;
let server: ServedApp;
afterEach(async () => {
  await world.close();
  await server.close();
});

/** A user with a manager, in a group with two others; from the second cycle on, PATCH goes through the mistake. */
async function start(mistake: Mistake, flags = ''): Promise<void> {
  let clock: World['clock'] | undefined;
  let learnt: Mistake = (operations) => operations;
  const app = createScimApp({ token: TOKEN, now: () => clock?.now() ?? '2026-01-01T00:00:00.000Z' });
  server = await serveApp({
    handle: async (request) => {
      if (request.method !== 'PATCH') return app.handle(request);
      const { Operations, ...rest } = (await request.clone().json()) as { readonly Operations: readonly Operation[] };
      return app.handle(new Request(request, { body: JSON.stringify({ ...rest, Operations: learnt(Operations) }) }));
    },
  });
  const users = [
    aUser('u1', { manager: 'u2', department: 'IT', jobTitle: 'Clerk' }),
    aUser('u2'),
    aUser('u3'),
    aUser('u4'),
  ];
  const directory = everyone(users, [{ id: 'g1', displayName: 'Sales', members: ['u1', 'u2', 'u3'] }]);
  world = await openWorld({ directory, targetUrl: `${server.url}/scim`, flags });
  clock = world.clock;
  await world.cycle();
  learnt = mistake;
}

async function change(id: string, attributes: Readonly<Record<string, unknown>>): Promise<void> {
  const { users, groups } = world.directory;
  Object.assign([...users, ...groups].find((one) => one.id === id) ?? {}, attributes);
  await world.cycle();
}

const verify = async () => (await world.engine().verify('app')).divergences;

async function send({ method, path, body }: ScimRequest): Promise<void> {
  const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/scim+json' };
  await fetch(`${server.url}/scim${path}`, { method, headers, body: JSON.stringify(body) });
}

async function onlyDivergence(): Promise<Divergence> {
  const [divergence, ...others] = await verify();
  if (divergence === undefined || others.length > 0) throw new Error('not one divergence');
  return divergence;
}

/** The only divergence, once `restore` has been seen to undo it and `request` to bring it back. */
async function reproduced(): Promise<Divergence> {
  const divergence = await onlyDivergence();
  if (divergence.restore === undefined) throw new Error('no way back');
  const again = async () => (await verify()).map(({ difference }) => difference);
  await send(divergence.restore.request);
  expect(await again()).not.toContainEqual(divergence.difference);
  await send(divergence.request);
  expect(await again()).toContainEqual(divergence.difference);
  return divergence;
}

const MANAGER = `${ENTERPRISE}:manager`;
const DEPARTMENT = `${ENTERPRISE}:department`;

/** Whoever writes one attribute loses another. */
const dropping =
  (written: string, dropped: string): Mistake =>
  (operations) =>
    JSON.stringify(operations).includes(`${written}"`) ? [...operations, { op: 'Remove', path: dropped }] : operations;
const addReplaces: Mistake = (operations) =>
  operations.map((one) => (one.op === 'Add' ? { ...one, op: 'Replace' } : one));
const removeTakesAll: Mistake = (operations) =>
  operations.map((one) => (one.op === 'Remove' ? { op: 'Remove', path: 'members' } : one));

const operationsOf = ({ request: { body } }: Divergence) => (body as { readonly Operations: unknown }).Operations;

it.each([
  ['title', DEPARTMENT, 'u1', { jobTitle: 'Boss' }, { op: 'Replace', path: 'title', value: 'Boss' }],
  ['title', MANAGER, 'u1', { jobTitle: 'Boss' }, { op: 'Replace', path: 'title', value: 'Boss' }],
  ['active', DEPARTMENT, 'u1', { accountEnabled: false }, { op: 'Replace', path: 'active', value: 'False' }],
  [MANAGER, DEPARTMENT, 'u1', { manager: 'u3' }, { op: 'Replace', path: MANAGER }],
  ['displayName', 'externalId', 'g1', { displayName: 'IT' }, { op: 'Replace', path: 'displayName', value: 'IT' }],
  ['members', 'externalId', 'g1', { members: ['u1'] }, { op: 'Remove', path: 'members' }],
] as const)('a write of %s that drops %s', async (written, dropped, id, attributes, operation) => {
  await start(dropping(written, dropped));
  await change(id, attributes);
  const divergence = await reproduced();
  expect(divergence.explanation).toMatchObject({
    cause: 'undone',
    evidence: expect.stringMatching(
      /it was right then; the write after it undid it, and nothing was changed there since/,
    ),
    undoneBy: { at: '2026-01-01T01:20:00.000Z' },
  });
  expect(operationsOf(divergence)).toEqual([expect.objectContaining(operation)]);
});

it('a write without paths', async () => {
  await start(dropping('title', 'externalId'), '?aadOptscim062020');
  await change('u1', { jobTitle: 'Boss', displayName: 'Ana' });
  const [operation] = operationsOf(await reproduced()) as readonly unknown[];
  expect(operation).toEqual({ op: 'replace', value: { title: 'Boss', displayName: 'Ana' } });
});

it('two writes after the last look: the first of them is named', async () => {
  await start(dropping('title', DEPARTMENT));
  await change('u1', { jobTitle: 'Boss', manager: 'u3' });
  expect((await reproduced()).explanation.evidence).toContain('one of the 2 writes (the first is named) after it');
});

it.each([
  ['where nobody leaves', ['u1', 'u2', 'u3', 'u4'], 3],
  ['where somebody leaves', ['u1', 'u2', 'u4'], 2],
] as const)('an Add of members that replaces those who were there, %s', async (_case, members, missing) => {
  await start(addReplaces);
  await change('g1', { members });
  const divergence = await reproduced();
  expect(divergence.difference).toMatchObject({ change: 'missing', ids: { length: missing } });
  expect(divergence.explanation).toMatchObject({
    cause: 'undone',
    evidence: expect.stringMatching(/only those whom the Add/),
  });
  expect(operationsOf(divergence)).toMatchObject([{ op: 'Add', path: 'members', value: [{}] }]);
});

it('a removal that takes everybody, in a cycle in which somebody came too', async () => {
  await start(removeTakesAll);
  await change('g1', { members: ['u1', 'u2', 'u4'] });
  const divergence = await reproduced();
  expect(divergence.explanation).toMatchObject({
    cause: 'not-carried-out',
    evidence: expect.stringMatching(/nobody is left/),
  });
  expect(operationsOf(divergence)).toMatchObject([{ op: 'Remove', path: 'members', value: [{}] }]);
});

it('a removal that takes everybody, and somebody who came later: the removal is the first suspect', async () => {
  await start(removeTakesAll);
  await change('g1', { members: ['u1', 'u2'] });
  await change('g1', { members: ['u1', 'u2', 'u4'] });
  const { explanation, request } = await onlyDivergence();
  expect(explanation).toMatchObject({ cause: 'unclear', evidence: expect.stringMatching(/later write of members/) });
  expect(request.body).toMatchObject({ Operations: [{ op: 'Remove', path: 'members' }] });
});

it('a group that a later write of its name may have emptied', async () => {
  await start(dropping('displayName', 'members'));
  await change('g1', { displayName: 'IT' });
  const divergence = await reproduced();
  expect(divergence.explanation).toMatchObject({
    cause: 'unclear',
    evidence: expect.stringMatching(/write of the group/),
  });
  expect(operationsOf(divergence)).toEqual([{ op: 'Replace', path: 'displayName', value: 'IT' }]);
});
