/**
 * The objects of a page are planned all at once. Where one may write what another one was matched by, the later one waits and
 * is planned again, as if each had waited for the one before: otherwise two groups of one name would both be created.
 */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { JsonValue } from '../model/scim-message.ts';
import { idOf, type SourceChange, type SourceId } from '../model/source-object.ts';
import { isDeprovision } from '../plan/operation.ts';
import type { Operation } from '../plan/plan.ts';
import { type AttributePath, readPath } from '../scim/attribute-path.ts';

/** Object mapping → the paths by which the target is asked: to match, and for values that must be unique. */
export type AskedPaths = ReadonlyMap<string, readonly AttributePath[]>;

export function askedPaths(mappings: readonly CompiledObjectMapping[]): AskedPaths {
  return new Map(
    mappings.map(({ name, matching, rows }) => {
      const asked = [...matching, ...rows.filter(({ unique }) => unique === true)];
      return [name, asked.map(({ path }) => path)];
    }),
  );
}

export type Turns = {
  /** In their order, none of them in the way of another one. */
  readonly now: readonly Operation[];
  /** The changes that have to be planned again when those are carried out, one turn after the other. */
  readonly later: readonly (readonly SourceChange[])[];
};

/** @param operations the plan of `changes` */
export function takeTurns(
  changes: readonly SourceChange[],
  operations: readonly Operation[],
  asked: AskedPaths,
): Turns {
  /** Claim → the last turn it was made in. */
  const claimed = new Map<string, number>();
  const turns = new Map<SourceId, number>();
  let last = 0;
  const take = (operation: Operation) => {
    const claims = claimsOf(operation, asked);
    let turn = 0;
    for (const claim of claims) turn = Math.max(turn, (claimed.get(claim) ?? -1) + 1);
    if (turn > 0) turns.set(operation.source.id, turn);
    last = Math.max(last, turn);
    if (operation.requests.length > 0) for (const claim of claims) claimed.set(claim, turn);
  };
  // Whoever has a resource goes first: a name that is given up is free for a newcomer.
  for (const operation of operations) if (!isNew(operation)) take(operation);
  for (const operation of operations) if (isNew(operation)) take(operation);
  const now = last === 0 ? operations : operations.filter(({ source }) => !turns.has(source.id));
  const later = Array.from({ length: last }, (_, index) =>
    changes.filter((change) => turns.get(idOf(change)) === index + 1),
  );
  return { now, later };
}

function isNew({ link }: Operation): boolean {
  return link.kind === 'link';
}

/** The resource it writes, and the values by which that resource is found, before and after. */
function claimsOf(operation: Operation, asked: AskedPaths): readonly string[] {
  const { held, mapping, target } = operation;
  // It is carried out at the end of the cycle.
  if (isDeprovision(operation)) return [];
  const claims = target === undefined ? [] : [`id\n${target.id}`];
  for (const path of asked.get(mapping) ?? []) {
    addClaim(claims, path, held?.[path.text]);
    if (target?.resource !== undefined) addClaim(claims, path, readPath(target.resource, path));
  }
  return claims;
}

function addClaim(claims: string[], { text }: AttributePath, value: JsonValue | undefined): void {
  if (typeof value === 'string' || typeof value === 'number') claims.push(`${text}\n${String(value).toLowerCase()}`);
}
