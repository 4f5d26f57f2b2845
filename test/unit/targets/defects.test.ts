/** Each named defect shows in an answer, and the faithful application does not have it. */
import { describe, expect, it } from 'vitest';
import { type Defect, defects } from '../../../fixtures/targets/scim/defects.ts';
import { createScimApp } from '../../../fixtures/targets/scim-app.ts';
import { clientOf, group, NOW, patch, user } from './exchange.ts';

type Probe = {
  readonly see: (send: ReturnType<typeof clientOf>) => Promise<unknown>;
  readonly right: unknown;
  readonly wrong: unknown;
};

const disable = (op: string, value: boolean | string) => patch({ op, path: 'active', value });

const probes: Readonly<Record<Defect, Probe>> = {
  'string-booleans-ignored': {
    see: async (send) => (await send('PATCH', '/Users/user-1', disable('replace', 'False'))).body.active,
    right: false,
    wrong: true,
  },
  'string-booleans-kept': {
    see: async (send) => (await send('PATCH', '/Users/user-1', disable('replace', 'False'))).body.active,
    right: false,
    wrong: 'False',
  },
  'capitalised-ops-ignored': {
    see: async (send) => (await send('PATCH', '/Users/user-1', disable('Replace', false))).body.active,
    right: false,
    wrong: true,
  },
  'remove-one-removes-all': {
    see: async (send) => {
      await send('PATCH', '/Groups/group-1', patch({ op: 'Remove', path: 'members', value: [{ value: 'user-1' }] }));
      return (await send('GET', '/Groups/group-1')).body.members;
    },
    right: [{ value: 'user-2' }],
    wrong: undefined,
  },
  'filter-ignored': {
    see: async (send) => (await send('GET', '/Users?filter=userName+eq+%22nobody%22')).body.totalResults,
    right: 0,
    wrong: 2,
  },
  'not-found-for-no-match': {
    see: async (send) => (await send('GET', '/Users?filter=userName+eq+%22nobody%22')).status,
    right: 200,
    wrong: 404,
  },
  'missing-id': {
    see: async (send) => (await send('POST', '/Users', user({ userName: 'new' }))).body.id,
    right: 'user-3',
    wrong: undefined,
  },
  'members-returned': {
    see: async (send) => 'members' in (await send('GET', '/Groups/group-1?excludedAttributes=members')).body,
    right: false,
    wrong: true,
  },
  'case-sensitive-user-name': {
    see: async (send) => [
      (await send('GET', '/Users?filter=userName+eq+%22ADA%22')).body.totalResults,
      (await send('POST', '/Users', user({ userName: 'ADA' }))).status,
    ],
    right: [1, 409],
    wrong: [0, 201],
  },
};

function start(present: readonly Defect[]) {
  return createScimApp({
    now: () => NOW,
    defects: present,
    seed: {
      users: [user({ userName: 'ada', active: true }), user({ userName: 'eve' })],
      groups: [group({ displayName: 'Sales', members: [{ value: 'user-1' }, { value: 'user-2' }] })],
    },
  });
}

describe.each(Object.entries(probes))('%s', (name, probe) => {
  it('is absent from the faithful application', async () => {
    expect(await probe.see(clientOf(start([])))).toEqual(probe.right);
  });

  it('shows when the application is given it', async () => {
    const present = (Object.keys(defects) as Defect[]).filter((one) => one === name);
    expect(await probe.see(clientOf(start(present)))).toEqual(probe.wrong);
  });
});
