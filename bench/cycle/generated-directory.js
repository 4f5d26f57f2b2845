/**
 * A directory that makes its objects up as they are asked for and hands out a change feed like Graph's delta query.
 * It costs next to nothing, so that a measurement shows the engine alone.
 */

const ROLE = [{ role: 'User', roleId: '9a4d4c8e-5b0f-4a5e-9a57-1f1f6f0f9c11' }];
const DEPARTMENTS = ['Sales', 'IT', 'Finance', 'Human Resources'];
const MANAGED_BY = 10;

/** A number as random as the ids of Entra, yet the same in every run: a multiplier walks through them all. */
function idNumber(index) {
  return Math.imul(index + 1, 0x9e3779b1) >>> 0;
}

export function userId(index) {
  return `${idNumber(index).toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** The users in the order of their ids, in which the directory of the product hands them out (`feedChanges`). */
function inOrderOfIds(indexes) {
  return indexes.sort((one, other) => idNumber(one) - idNumber(other));
}

/** A user with what the shipped mapping reads. */
function user(index, version, options) {
  const id = userId(index);
  const name = `user${index}`;
  const manager = options.managers && index % MANAGED_BY !== 0 ? userId(index - (index % MANAGED_BY)) : undefined;
  return {
    type: 'User',
    id,
    attributes: {
      objectId: id,
      userPrincipalName: `${name}@contoso.com`,
      mail: `${name}@contoso.com`,
      mailNickname: name,
      displayName: `User Number${index}`,
      givenName: 'User',
      surname: `Number${index}`,
      jobTitle: `Engineer ${version}`,
      department: DEPARTMENTS[index % DEPARTMENTS.length],
      employeeId: String(100_000 + index),
      preferredLanguage: 'en-US',
      city: 'Lisbon',
      country: 'Portugal',
      telephoneNumber: `+351 21 ${String(index).padStart(7, '0')}`,
      ...(manager === undefined ? {} : { manager }),
    },
    accountEnabled: true,
    softDeleted: false,
    assignments: options.leavers?.has(index) ? [] : ROLE,
    ...(manager === undefined ? {} : { manager }),
  };
}

/** The id of the one group a directory may have. */
export const GROUP_ID = 'f0000000-0000-4000-8000-000000000001';

function group(members) {
  return {
    type: 'Group',
    id: GROUP_ID,
    attributes: { objectId: GROUP_ID, displayName: 'Everybody', securityEnabled: true },
    accountEnabled: true,
    softDeleted: false,
    assignments: ROLE,
    members: Array.from({ length: members }, (_, index) => ({ id: userId(index), type: 'User' })),
  };
}

/**
 * The directory. Its first state holds `users` users; `advance` begins the next one.
 * @param options managers: nine of ten users report to somebody
 */
export function generatedDirectory(options) {
  const { users } = options;
  let version = 1;
  let changed = { users: [], members: undefined };
  let leavers = new Set();
  const everybody = inOrderOfIds(Uint32Array.from({ length: users }, (_, index) => index));
  const object = (index) => user(index, version, { ...options, leavers });
  const indexOf = (id) => Number.parseInt(id.slice(-12), 16);
  const present = (source, known) => ({ kind: 'present', object: source, known });

  return {
    /** The first state has a group, with the first so many users in it. */
    setMembers: (members) => {
      changed = { users: [], members };
    },
    /** The next state: these users have another title, some of them are unassigned; the group may have other members. */
    advance: (indexes, { members, leaving = [] } = {}) => {
      version += 1;
      leavers = new Set(leaving);
      changed = { users: inOrderOfIds([...indexes]), members };
    },
    problems: async () => [],
    uncertain: async () => new Set(),
    refresh: async () => String(version),
    count: async () => ({ User: users, Group: 0 }),
    find: async () => [],
    objects: async (ids) => new Map(ids.map((id) => [id, object(indexOf(id))])),
    changes: async function* ({ since, pageSize }) {
      const known = since !== undefined;
      const indexes = known ? changed.users : everybody;
      const totalPages = Math.ceil(indexes.length / pageSize) + (changed.members === undefined ? 0 : 1);
      let completedPages = 0;
      for (let start = 0; start < indexes.length; start += pageSize) {
        const changes = Array.from(indexes.slice(start, start + pageSize), (index) => present(object(index), known));
        completedPages += 1;
        yield { changes, completedPages, totalPages };
      }
      if (changed.members !== undefined)
        yield { changes: [present(group(changed.members), known)], completedPages: totalPages, totalPages };
    },
  };
}
