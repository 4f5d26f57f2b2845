/** Checks that are made once per PATCH dialect, with the engine's own planner writing the requests (scim-wire.md 6.4). */
import type { PatchMode, ResourceType, ScimResource } from '../model/scim-message.ts';
import { planPatch } from '../scim/patch.ts';
import { patchRequest } from '../scim/request.ts';
import type { ConformanceCheck, Verdict } from './check.ts';
import { asResource, type Conversation, type Exchange } from './conversation.ts';
import { type Given, type Made, withUser } from './given.ts';
import { judgeChange } from './judge.ts';
import { bodyOf, type Values } from './values.ts';

const DIALECTS: readonly { readonly mode: PatchMode; readonly id: string; readonly name: string }[] = [
  { mode: 'legacy', id: 'legacy', name: 'default dialect' },
  { mode: 'aadOptscim062020', id: 'flag', name: 'aadOptscim062020' },
];

/** The check in both dialects. */
export function inBothDialects(
  check: Omit<ConformanceCheck, 'dialect' | 'run'>,
  run: (mode: PatchMode) => ConformanceCheck['run'],
): readonly ConformanceCheck[] {
  const { explains } = check;
  return DIALECTS.map(({ mode, id, name }) => ({
    ...check,
    ...(explains === undefined
      ? {}
      : { explains: (other: ConformanceCheck) => (other.dialect ?? mode) === mode && explains(other) }),
    id: `${check.id}-${id}`,
    name: `${check.name}, ${name}`,
    dialect: mode,
    run: run(mode),
  }));
}

export type Change = {
  readonly given: Given;
  /** Target path → value the user shall have. */
  readonly wanted: (name: string, talk: Conversation) => Values;
};

/** A change of one user, planned by the engine from what was created, read back afterwards; in both dialects. */
export function changeOfUser(
  check: Omit<ConformanceCheck, 'dialect' | 'run'>,
  change: Change,
): readonly ConformanceCheck[] {
  return inBothDialects(check, (mode) =>
    withUser(change.given, async (talk, user) => judgeUpdate(talk, user, mode, change.wanted(user.name, talk))),
  );
}

/** Sends the update that brings `made` to `wanted`, and judges what became of it. */
export async function judgeUpdate(talk: Conversation, made: Made, mode: PatchMode, wanted: Values): Promise<Verdict> {
  return judgeChange(talk, await sendUpdate(talk, made, mode, wanted), made, wanted);
}

/** The PATCH the engine sends to bring a resource from the values it was created with to `wanted`. */
export async function sendUpdate(
  talk: Conversation,
  made: Pick<Made, 'type' | 'id' | 'values'>,
  mode: PatchMode,
  wanted: Values,
): Promise<Exchange> {
  const before = resourceOf(made.type, made.values);
  return talk.send(
    patchRequest(made.type, made.id, planPatch({ mode, resourceType: made.type, before, desired: wanted })),
  );
}

function resourceOf(type: ResourceType, values: Values): ScimResource {
  return asResource(bodyOf(type, values)) ?? {};
}
