/**
 * An independent, strict SCIM server (scimmy on express) with storage in memory, because a server we wrote ourselves
 * agrees with our misunderstandings. It rejects `active: "False"` and compares user names with case in filters.
 */
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import type { JsonValue, ScimResource } from '../../engine/model/scim-message.ts';

type Resources = Map<string, ScimResource>;
type Storage = { readonly users: Resources; readonly groups: Resources; nextId: number };
type Kind = 'users' | 'groups';
type Asked = { readonly id?: string | undefined; readonly filter?: SCIMMY.Types.Filter | undefined };

export type ScimmyServer = {
  /** SCIM base without a trailing slash: `http://127.0.0.1:40123/scim`. */
  readonly url: string;
  /** Stored users by id. */
  readonly users: () => ReadonlyMap<string, ScimResource>;
  readonly groups: () => ReadonlyMap<string, ScimResource>;
  readonly close: () => Promise<void>;
};

export type ScimmyOptions = {
  readonly token: string;
  /** Takes a manager as Entra writes it, the bare id (scim-wire.md 6.6); scimmy alone wants an object with a `value`. */
  readonly acceptsBareManagers?: boolean;
};

/** Starts a server with an empty storage of its own; it wants the token on every request. */
export async function startScimmyServer({ token, acceptsBareManagers }: ScimmyOptions): Promise<ScimmyServer> {
  declareResources();
  const storage: Storage = { users: new Map(), groups: new Map(), nextId: 1 };
  const routers = new SCIMMYRouters({
    type: 'bearer',
    handler: (request: Request) => {
      if (request.header('authorization') !== `Bearer ${token}`) throw new Error('Wrong token');
      return 'provisioning';
    },
    context: () => storage,
  });
  const server = await new Promise<ReturnType<ReturnType<typeof express>['listen']>>((resolve) => {
    const listening = express()
      .use('/scim', acceptsBareManagers === true ? [readJson, wrapManagers, routers] : [routers])
      .listen(0, '127.0.0.1', () => resolve(listening));
  });
  // A TCP server has an address record, never a pipe name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/scim`,
    users: () => storage.users,
    groups: () => storage.groups,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const readJson = express.json({ type: ['application/scim+json', 'application/json'] });

/** What a server made for Entra does before it hands a PATCH to its SCIM library. */
function wrapManagers(request: Request, _response: unknown, next: () => void): void {
  const { Operations = [] } = (request.body ?? {}) as {
    Operations?: { op?: string; path?: string; value?: JsonValue | undefined }[];
  };
  for (const operation of Operations) {
    const { path, value } = operation;
    if (path?.endsWith(':manager') !== true || typeof value !== 'string') continue;
    if (value !== '') operation.value = { value };
    else Object.assign(operation, { op: 'remove', value: undefined });
  }
  next();
}

/** scimmy keeps its resource types per process; the storage reaches the handlers as each request's context. */
function declareResources(): void {
  if (SCIMMY.Resources.declared('User')) return;
  SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .ingress((resource, data, storage: Storage) => write(storage, 'users', resource.id, data))
    .egress((resource, storage: Storage) => read<SCIMMY.Schemas.User>(storage, 'users', resource))
    .degress((resource, storage: Storage) => remove(storage, 'users', resource.id));
  SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .ingress((resource, data, storage: Storage) => write(storage, 'groups', resource.id, data))
    .egress((resource, storage: Storage) => read<SCIMMY.Schemas.Group>(storage, 'groups', resource))
    .degress((resource, storage: Storage) => remove(storage, 'groups', resource.id));
}

function write<Schema extends object>(storage: Storage, kind: Kind, known: string | undefined, given: Schema): Schema {
  // scimmy hands out schema instances; their JSON form is the resource.
  const attributes = JSON.parse(JSON.stringify(given)) as Schema & ScimResource;
  const before = known === undefined ? undefined : find(storage, kind, known);
  const name = kind === 'users' ? lowerCase(attributes.userName) : undefined;
  for (const [id, one] of storage[kind]) {
    if (name !== undefined && id !== known && lowerCase(one.userName) === name) {
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is already in use');
    }
  }
  const id = known ?? `${kind.slice(0, -1)}-${storage.nextId++}`;
  const stored = { ...attributes, id, meta: before?.meta ?? { created: '2026-01-01T00:00:00.000Z' } };
  storage[kind].set(id, stored);
  return stored;
}

/** scimmy takes resources for instances of its schema classes: only their properties matter to it. */
function read<Schema>(storage: Storage, kind: Kind, { id, filter }: Asked): Schema | Schema[] {
  if (id !== undefined) return { ...find(storage, kind, id) } as Schema;
  const all = [...storage[kind].values()].map((one) => ({ ...one }) as Schema);
  return filter === undefined ? all : filter.match(all);
}

function remove(storage: Storage, kind: Kind, id: string | undefined): void {
  find(storage, kind, id ?? '');
  storage[kind].delete(id ?? '');
}

function lowerCase(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

function find(storage: Storage, kind: Kind, id: string): ScimResource {
  const found = storage[kind].get(id);
  if (found === undefined) throw new SCIMMY.Types.Error(404, '', `Resource ${id} not found`);
  return found;
}
