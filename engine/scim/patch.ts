/** Current resource and desired values → the PATCH operations Entra sends, in both dialects (scim-wire.md 6.3-6.6, 8.3). */
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue, PatchMode, PatchOperation, ResourceType, ScimResource } from '../model/scim-message.ts';
import { isActivePath, parseAttributePath, readPath } from './attribute-path.ts';
import { missingValues, sameValue } from './compare-values.ts';
import { asBodyValue } from './write-path.ts';

export type ManagerRemoval = 'replaceEmpty' | 'removeFiltered' | 'removePath' | 'removeValue' | 'none';

export type PatchInput = {
  readonly mode: PatchMode;
  readonly resourceType: ResourceType;
  /** The resource as the target returned it; for groups, `members` is the last known membership. */
  readonly before: ScimResource;
  /** Target path → wanted value, in mapping order; `members` is the complete wanted membership. Null and empty values flow nothing. */
  readonly desired: Readonly<Record<string, JsonValue | undefined>>;
  /** Target paths to clear where the resource has a value. Entra clears nothing (cycle.md 3.17); fidelity `sane` does. */
  readonly cleared?: readonly string[];
  /** Target paths of references beside `manager`: the flag dialect sends each alone (scim-wire.md 6.5, set P). */
  readonly references?: readonly string[];
  /** Target paths whose values keep their JSON type in the legacy dialect too (gallery.md 0.5). */
  readonly typed?: readonly string[];
  /** Target paths of lists to which values are added and from which none is removed (Graph `MultiValueAddOnly`, `ValueAddOnly`). */
  readonly addsOnly?: readonly string[];
  /** Target paths written even when nothing differs (Graph `FlowAlways`). */
  readonly always?: readonly string[];
  /** Target paths whose attribute definition says `caseExact: false` (ruling R17). */
  readonly ignoreCase?: readonly string[];
};

function assertOneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  throw new EngineError(`planPatch has no ${name} ${JSON.stringify(value)}`, {
    category: 'configuration',
    code: 'bad-value',
    remedy: `use one of: ${known.join(', ')}`,
  });
}

type Verb = 'add' | 'replace' | 'remove';
type Change = { readonly path: string; readonly verb: 'add' | 'replace'; readonly value: JsonValue };

/**
 * The operations that turn `before` into `desired`; an empty list when nothing differs.
 * @throws EngineError `configuration`, `bad-value`, for a mode or type that there is not: another dialect would be taken for it
 */
export function planPatch(input: PatchInput): PatchOperation[] {
  assertOneOf('mode', input.mode, ['legacy', 'aadOptscim062020']);
  assertOneOf('resourceType', input.resourceType, ['User', 'Group']);
  const ignoreCase = new Set(input.ignoreCase);
  const changes: Change[] = [];
  const memberships: PatchOperation[] = [];
  for (const [path, value] of Object.entries(input.desired)) {
    if (isMembership(input.resourceType, path)) memberships.push(...membershipOperations(input, value));
    else {
      const change = changeOf(input, path, value, ignoreCase.has(path));
      if (change !== undefined) changes.push(change);
    }
  }
  const operations =
    input.mode === 'legacy'
      ? changes.map((change) => legacyOperation(change, input.typed?.includes(change.path) === true))
      : flagOperations(changes, new Set(input.references));
  return [...operations, ...removals(input), ...memberships];
}

function removals({ mode, before, cleared = [] }: PatchInput): readonly PatchOperation[] {
  const held = cleared.filter((path) => readPath(before, parseAttributePath(path)) !== undefined);
  return held.map((path) => ({ op: verb(mode, 'remove'), path }));
}

function isMembership(resourceType: ResourceType, path: string): boolean {
  return resourceType === 'Group' && path.toLowerCase() === 'members';
}

/** Nothing, or the one change of this path. Empty desired values flow nothing: the target keeps what it has. */
function changeOf(
  { before, addsOnly, always }: PatchInput,
  path: string,
  desired: JsonValue | undefined,
  ignoreCase: boolean,
): Change | undefined {
  if (desired === undefined || desired === null || desired === '') return undefined;
  if (Array.isArray(desired) && desired.length === 0) return undefined;
  const current = readPath(before, parseAttributePath(path));
  if (current === undefined) return { path, verb: 'add', value: desired };
  if (Array.isArray(desired) && addsOnly?.includes(path) === true) {
    const missing = missingValues(current, desired);
    return missing.length === 0 ? undefined : { path, verb: 'add', value: missing };
  }
  const isSame = () => sameValue(typed(path, current), typed(path, desired), { ignoreCase });
  const isDue = always?.includes(path) === true || !isSame();
  return isDue ? { path, verb: 'replace', value: desired } : undefined;
}

/** One operation per path; scalars as text, lists as `{ value }` items. */
function legacyOperation(change: Change, isTyped: boolean): PatchOperation {
  const value = isTyped ? change.value : legacyValue(change.value);
  return { op: verb('legacy', change.verb), path: change.path, value };
}

function legacyValue(value: JsonValue): JsonValue {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return value;
  return value.map((item: JsonValue) => ({
    value: typeof item === 'object' ? JSON.stringify(item) : legacyValue(item),
  }));
}

/** Filtered paths, then `active` and references, each alone; the rest folded into one operation without path per verb. */
function flagOperations(changes: readonly Change[], references: ReadonlySet<string>): readonly PatchOperation[] {
  const isFiltered = ({ path }: Change) => path.includes('[');
  const isAlone = ({ path }: Change) => standsAlone(path) || references.has(path);
  const filtered = changes.filter(isFiltered);
  const alone = changes.filter((change) => !isFiltered(change) && isAlone(change));
  const simple = changes.filter((change) => !isFiltered(change) && !isAlone(change));
  return [
    ...[...filtered, ...alone].map(flagOperation),
    ...fold(simple.filter((change) => change.verb === 'add')),
    ...fold(simple.filter((change) => change.verb === 'replace')),
  ];
}

function fold(changes: readonly Change[]): readonly PatchOperation[] {
  const [first] = changes;
  if (first === undefined) return [];
  if (changes.length === 1) return [flagOperation(first)];
  const value = Object.fromEntries(changes.map((change) => [change.path, typed(change.path, change.value)]));
  return [{ op: first.verb, value }];
}

function flagOperation(change: Change): PatchOperation {
  return { op: change.verb, path: change.path, value: typed(change.path, change.value) };
}

function standsAlone(path: string): boolean {
  return isActivePath(path) || isManagerPath(path);
}

function isManagerPath(path: string): boolean {
  return /(^|[:.])manager$/i.test(path);
}

/** The texts of the default `active` expression as booleans: the flag dialect sends these, and both compare them (scim-wire.md 6.2). */
function typed(path: string, value: JsonValue): JsonValue {
  return asBodyValue(parseAttributePath(path), value);
}

function membershipOperations(input: PatchInput, desired: JsonValue | undefined): readonly PatchOperation[] {
  if (!Array.isArray(desired)) return [];
  const wanted = new Set(desired.map(memberId));
  const { members } = input.before;
  const known = new Set(Array.isArray(members) ? members.map(memberId) : []);
  return memberOperations({
    mode: input.mode,
    added: [...wanted].filter((id) => !known.has(id)),
    removed: [...known].filter((id) => !wanted.has(id)),
    batchSize: Number.MAX_SAFE_INTEGER,
  }).flat();
}

function memberId(member: JsonValue): string {
  if (typeof member === 'object' && member !== null && !Array.isArray(member)) {
    return String((member as { readonly [key: string]: JsonValue }).value ?? '');
  }
  return String(member);
}

export type MemberChanges = {
  readonly mode: PatchMode;
  /** Target ids. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Members per request (ruling R5). */
  readonly batchSize: number;
  /** Writes `"$ref": null` into added members, as one sample of Microsoft's documentation does. */
  readonly memberRefNull?: boolean;
};

/** One list of operations per PATCH request: adds before removes, never both in one request (scim-wire.md 8.3). */
export function memberOperations(changes: MemberChanges): readonly (readonly PatchOperation[])[] {
  const { mode, added, removed, batchSize } = changes;
  const addition = (ids: readonly string[]): readonly PatchOperation[] => [
    {
      op: verb(mode, 'add'),
      path: 'members',
      value: ids.map((value) => (changes.memberRefNull === true ? { $ref: null, value } : { value })),
    },
  ];
  const removal = (ids: readonly string[]): readonly PatchOperation[] =>
    mode === 'legacy'
      ? [{ op: 'Remove', path: 'members', value: ids.map((value) => ({ value })) }]
      : ids.map((id) => ({ op: 'remove', path: `members[value eq ${JSON.stringify(id)}]` }));
  return [...chunks(added, batchSize).map(addition), ...chunks(removed, batchSize).map(removal)];
}

function chunks(ids: readonly string[], batchSize: number): readonly (readonly string[])[] {
  const size = Math.max(1, batchSize);
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, index) => ids.slice(index * size, (index + 1) * size));
}

export type ManagerChange = {
  readonly mode: PatchMode;
  /** Target path of the reference. */
  readonly path: string;
  /** Target id the resource holds now. */
  readonly current?: string;
  /** Wanted target id; undefined: the manager was removed. */
  readonly desired?: string;
  /** Shape of the removal; four are on record (scim-wire.md 6.6). */
  readonly removal: ManagerRemoval;
  /** The target takes the id as a number (gallery.md 0.6). */
  readonly numeric?: boolean;
};

/** The operation that sets, changes or clears a manager: the id as bare text. Empty when it is right already. */
export function managerOperation(change: ManagerChange): readonly PatchOperation[] {
  const { mode, path, current, desired } = change;
  if (desired === current) return [];
  if (desired !== undefined)
    return [
      {
        op: verb(mode, current === undefined ? 'add' : 'replace'),
        path,
        value: change.numeric === true ? Number(desired) : desired,
      },
    ];
  switch (change.removal) {
    case 'replaceEmpty':
      return [{ op: verb(mode, 'replace'), path, value: '' }];
    case 'removeFiltered':
      return [{ op: verb(mode, 'remove'), path: `${path}[value eq ${JSON.stringify(current)}]` }];
    case 'removePath':
      return [{ op: verb(mode, 'remove'), path }];
    case 'removeValue':
      return [{ op: verb(mode, 'remove'), path, value: [{ value: current ?? '' }] }];
    case 'none':
      return [];
  }
}

function verb(mode: PatchMode, name: Verb): string {
  return mode === 'legacy' ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
}
