/** The settings of a job and of its mapping that a chaos run changes between cycles, and the files that say so. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Configuration } from '../../../engine/config/configuration.ts';
import { loadConfiguration } from '../../../engine/config/load-config.ts';
import type { Model, User } from './directory-model.ts';

export type Settings = {
  readonly scope: 'assigned' | 'all';
  readonly defaultAccess: 'provision' | 'skip';
  readonly skipOutOfScope: boolean;
  /** Undefined: no guard. */
  readonly threshold: number | undefined;
  readonly updateMethod: 'patch' | 'put';
  readonly supportsSoftDelete: boolean;
  readonly actions: readonly ('create' | 'update' | 'delete')[];
  readonly active: 'IsSoftDeleted' | 'onCreate' | 'accountEnabled' | 'none';
  readonly title: 'jobTitle' | 'upper' | 'onCreate' | 'none';
  readonly filter: 'none' | 'Rome';
  readonly groups: boolean;
  readonly directory: 'here' | 'there';
};

export const PLAIN_SETTINGS: Settings = {
  scope: 'assigned',
  defaultAccess: 'provision',
  skipOutOfScope: false,
  threshold: undefined,
  updateMethod: 'patch',
  supportsSoftDelete: true,
  actions: ['create', 'update', 'delete'],
  active: 'IsSoftDeleted',
  title: 'jobTitle',
  filter: 'none',
  groups: true,
  directory: 'here',
};

const one = <K extends keyof Settings>(key: K, ...values: readonly Settings[K][]): fc.Arbitrary<Partial<Settings>> =>
  fc.constantFrom(...values).map((value) => ({ [key]: value }));

/** For each setting, another value of it. */
export const changedSettings: readonly fc.Arbitrary<Partial<Settings>>[] = [
  one('scope', 'assigned', 'all'),
  one('defaultAccess', 'provision', 'skip'),
  one('skipOutOfScope', true, false),
  one('threshold', undefined, 0, 1),
  one('updateMethod', 'patch', 'put'),
  one('supportsSoftDelete', true, false),
  one('actions', ['create', 'update', 'delete'], ['create', 'delete'], ['create', 'update'], ['update', 'delete']),
  one('active', 'IsSoftDeleted', 'onCreate', 'accountEnabled', 'none'),
  one('title', 'jobTitle', 'upper', 'onCreate', 'none'),
  one('filter', 'none', 'Rome'),
  one('groups', true, false),
  one('directory', 'here', 'there'),
];

/** Whether the directory says that the user has an account; a member of the assigned group is assigned. */
export function isInScope(model: Model, id: User, settings: Settings): boolean {
  const { present, enabled, deleted, city } = model.users[id];
  const passes = settings.filter === 'none' || settings.filter === city;
  return present && enabled && !deleted && passes && isEntitled(model, id, settings);
}

export function isAssigned(model: Model, id: User): boolean {
  return model.users[id].assigned || (model.groupAssigned && model.members.has(id));
}

function isEntitled(model: Model, id: User, { scope, defaultAccess }: Settings): boolean {
  const { assigned, roleless } = model.users[id];
  if (scope === 'all' || (model.groupAssigned && model.members.has(id))) return true;
  return assigned && (!roleless || defaultAccess === 'provision');
}

/** Whether somebody who leaves the scope is disabled, and nothing else. */
export function disables({ skipOutOfScope, supportsSoftDelete, actions, active }: Settings): boolean {
  return !skipOutOfScope && supportsSoftDelete && actions.includes('update') && active === 'IsSoftDeleted';
}

/** Whether somebody who leaves the scope is deleted, but for who was unassigned before. */
export function deletes({ skipOutOfScope, supportsSoftDelete, actions }: Settings): boolean {
  return !skipOutOfScope && !supportsSoftDelete && actions.includes('delete');
}

export function directoryPath(folder: string, { directory }: Pick<Settings, 'directory'>): string {
  return join(folder, `${directory}.json`);
}

function mappingOf(settings: Settings): string {
  const { active, title, filter, groups, actions } = settings;
  const where = filter === 'none' ? [] : [{ name: 'City', all: [{ attr: 'city', op: 'EQUALS', value: filter }] }];
  const switchRow = { to: 'active', expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' };
  const activeRows = {
    IsSoftDeleted: [switchRow],
    onCreate: [{ ...switchRow, apply: 'onCreate' }],
    accountEnabled: [{ to: 'active', from: 'accountEnabled' }],
    none: [],
  };
  const titleRows = {
    jobTitle: [{ to: 'title', from: 'jobTitle' }],
    upper: [{ to: 'title', expr: 'ToUpper([jobTitle])' }],
    onCreate: [{ to: 'title', from: 'jobTitle', apply: 'onCreate' }],
    none: [],
  };
  return JSON.stringify({
    template: 'scim',
    objects: [
      {
        name: 'Users',
        from: 'User',
        to: 'User',
        actions,
        ...(where.length === 0 ? {} : { where }),
        map: [
          { to: 'userName', from: 'userPrincipalName', match: 1 },
          ...activeRows[active],
          { to: 'displayName', from: 'displayName' },
          ...titleRows[title],
          { to: 'externalId', from: 'mailNickname' },
        ],
      },
      {
        name: 'Groups',
        from: 'Group',
        to: 'Group',
        enabled: groups,
        actions,
        map: [
          { to: 'displayName', from: 'displayName', match: 1 },
          { to: 'externalId', from: 'objectId' },
          { to: 'members', from: 'members' },
        ],
      },
    ],
  });
}

const loaded = new Map<string, Configuration>();

/** The configuration as `folder` has it after somebody set it so. */
export async function configure(folder: string, settings: Settings, token: string): Promise<Configuration> {
  const key = folder + JSON.stringify(settings);
  const known = loaded.get(key);
  if (known !== undefined) return known;
  await writeFile(join(folder, 'mapping.yaml'), mappingOf(settings));
  const deletions = { skipOutOfScope: settings.skipOutOfScope };
  const job = {
    name: 'app',
    mappings: './mapping.yaml',
    // Entra forgets late members; what this is after is everything else.
    fidelity: 'sane',
    scope: settings.scope,
    defaultAccess: settings.defaultAccess,
    schedule: { interval: 'PT6H' },
    deletions:
      settings.threshold === undefined
        ? { ...deletions, guard: false }
        : { ...deletions, guard: true, threshold: settings.threshold },
    target: {
      url: 'https://app.invalid/scim',
      auth: { type: 'bearer', token: '${env:T}' },
      updateMethod: settings.updateMethod,
      supportsSoftDelete: settings.supportsSoftDelete,
    },
  };
  await writeFile(
    join(folder, 'config.yaml'),
    JSON.stringify({
      tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
      store: 'memory',
      directory: { type: 'file', path: directoryPath(folder, settings) },
      jobs: [job],
    }),
  );
  const { configuration, diagnostics } = await loadConfiguration(join(folder, 'config.yaml'), { T: token });
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  loaded.set(key, configuration);
  return configuration;
}
