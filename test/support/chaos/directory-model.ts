/** A small tenant as a model: five people, one group, and what an administrator may do to them. */
import fc from 'fast-check';

export const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;

export type User = (typeof USERS)[number];

export type ModelUser = {
  present: boolean;
  enabled: boolean;
  deleted: boolean;
  assigned: boolean;
  /** The assignment names no role. */
  roleless: boolean;
  title: string;
  city: string;
  /** How often the user was created anew, each time under another id. */
  times: number;
  /** Before the @ of the user principal name. */
  name: string;
};

export type Model = {
  users: Record<User, ModelUser>;
  members: Set<User>;
  groupTimes: number;
  groupAssigned: boolean;
  names: string[];
};

export type DirectoryEvent =
  | { readonly do: (typeof PLAIN)[number]; readonly user: User }
  | { readonly do: 'title'; readonly user: User; readonly title: string }
  | { readonly do: 'move'; readonly user: User; readonly city: 'Rome' | 'Oslo' }
  | { readonly do: 'regroup' | 'assign group' | 'unassign group' };

/** A mistake in the directory file that the next cycle finds, and that is mended afterwards. */
export type Spoiling = 'wrong value' | 'no id' | 'id twice';

const PLAIN = [
  'add',
  'purge',
  'recreate',
  'rename',
  'inherit',
  'softDelete',
  'restore',
  'enable',
  'disable',
  'assign',
  'unassign',
  'join',
  'leave',
  'role',
  'no role',
] as const;

const START = '2026-01-01T00:00:00.000Z';

export const anyUser = fc.constantFrom(...USERS);

/** What may happen to `user`, and to the group, by what belongs together. */
export function directoryTopics(user: fc.Arbitrary<User>): readonly fc.Arbitrary<DirectoryEvent>[] {
  const plain = (...kinds: (typeof PLAIN)[number][]) => fc.record({ do: fc.constantFrom(...kinds), user });
  return [
    plain('assign', 'unassign'),
    plain('assign', 'unassign', 'purge', 'add'),
    plain('enable', 'disable', 'purge', 'add'),
    plain('softDelete', 'restore', 'purge', 'add'),
    plain('purge', 'recreate', 'unassign', 'disable'),
    plain('rename', 'inherit', 'purge', 'unassign'),
    plain('join', 'leave'),
    plain('role', 'no role'),
    fc.record({ do: fc.constant('title'), user, title: fc.constantFrom('A', 'B', "O'Neil") }),
    fc.record({ do: fc.constant('move'), user, city: fc.constantFrom('Rome', 'Oslo') }),
    fc.record({ do: fc.constantFrom('regroup', 'assign group', 'unassign group') }),
  ];
}

export const directoryEvent: fc.Arbitrary<DirectoryEvent> = fc.oneof(...directoryTopics(anyUser));

function fresh(times: number, name: string): ModelUser {
  return {
    present: true,
    enabled: true,
    deleted: false,
    assigned: true,
    roleless: false,
    title: 'A',
    city: 'Rome',
    times,
    name,
  };
}

export function newModel(): Model {
  return {
    users: Object.fromEntries(USERS.map((id) => [id, fresh(0, id)])) as Record<User, ModelUser>,
    members: new Set(['u0', 'u1']),
    groupTimes: 0,
    groupAssigned: true,
    names: [...USERS],
  };
}

/** Its id in the directory. */
export function sourceId(model: Model, id: User): string {
  const { times } = model.users[id];
  return times === 0 ? id : `${id}-${times}`;
}

/** It says whose it is, as every value does. */
export function titleOf(model: Model, id: User): string {
  return `${model.users[id].title} of ${id}`;
}

export function groupId({ groupTimes }: Model): string {
  return `g${groupTimes}`;
}

export function isTaken(model: Model, name: string): boolean {
  return USERS.some((id) => model.users[id].present && model.users[id].name === name);
}

/** The name it had, if nobody has it by now. */
function freeName(model: Model, id: User): string {
  const { name } = model.users[id];
  return isTaken(model, name) ? newName(model, id) : name;
}

function newName(model: Model, id: User): string {
  const name = `${id}.${model.names.length}`;
  model.names.push(name);
  return name;
}

export function change(model: Model, one: DirectoryEvent): void {
  if (!('user' in one)) {
    if (one.do === 'regroup') model.groupTimes += 1;
    else model.groupAssigned = one.do === 'assign group';
    return;
  }
  const state = model.users[one.user];
  switch (one.do) {
    case 'add':
      if (!state.present) model.users[one.user] = fresh(state.times, freeName(model, one.user));
      return;
    case 'recreate':
      // Whatever became of the account, the newcomer finds it by its name.
      model.users[one.user] = fresh(state.times + 1, state.present ? state.name : freeName(model, one.user));
      return;
    case 'rename':
      if (state.present) state.name = newName(model, one.user);
      return;
    case 'inherit': {
      // A newcomer gets a name that somebody else has given up.
      const [released] = model.names.filter((name) => !isTaken(model, name));
      if (!state.present && released !== undefined) model.users[one.user] = fresh(state.times + 1, released);
      return;
    }
    case 'purge':
      state.present = false;
      model.members.delete(one.user);
      return;
    case 'softDelete':
      state.deleted = true;
      return;
    case 'restore':
      state.deleted = false;
      return;
    case 'enable':
    case 'disable':
      state.enabled = one.do === 'enable';
      return;
    case 'assign':
    case 'unassign':
      state.assigned = one.do === 'assign';
      return;
    case 'role':
    case 'no role':
      state.roleless = one.do === 'no role';
      return;
    case 'title':
      state.title = one.title;
      return;
    case 'move':
      state.city = one.city;
      return;
    case 'join':
      if (state.present) model.members.add(one.user);
      return;
    case 'leave':
      model.members.delete(one.user);
  }
}

/** The directory file. */
export function directoryOf(model: Model, spoilt: ReadonlyMap<User, Spoiling> = new Map()): string {
  const present = USERS.filter((id) => model.users[id].present);
  return JSON.stringify({
    users: present.flatMap((id): readonly object[] => {
      const { enabled, deleted, city } = model.users[id];
      const bin = deleted ? { deletedDateTime: START } : {};
      const row = {
        id: sourceId(model, id),
        userPrincipalName: `${model.users[id].name}@contoso.com`,
        displayName: id,
        mailNickname: id,
        jobTitle: titleOf(model, id),
        city,
        accountEnabled: enabled,
        ...bin,
      };
      const how = spoilt.get(id);
      if (how === 'wrong value') return [{ ...row, accountEnabled: 'perhaps', jobTitle: 'wrong' }];
      if (how === 'no id') return [{ ...row, id: undefined, jobTitle: 'wrong' }];
      return how === 'id twice' ? [{ ...row, jobTitle: 'wrong' }, row] : [row];
    }),
    groups: [
      {
        id: groupId(model),
        displayName: 'Staff',
        mailNickname: 'staff',
        securityEnabled: true,
        members: [...model.members].map((id) => sourceId(model, id)).sort(),
      },
    ],
    applications: [
      {
        name: 'app',
        roles: ['User'],
        assignments: [
          ...present
            .filter((id) => model.users[id].assigned)
            .map((id) => ({
              user: sourceId(model, id),
              ...(model.users[id].roleless ? {} : { role: 'User' }),
            })),
          ...(model.groupAssigned ? [{ group: groupId(model), role: 'User' }] : []),
        ],
      },
    ],
  });
}
