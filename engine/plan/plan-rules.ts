/** The settings of a job that decide what is planned and in which dialect. */
import type { DefaultAccess, ScopeMode } from '../model/job-state.ts';
import type { PatchMode } from '../model/scim-message.ts';
import type { ClientProfile } from '../scim/client-profile.ts';
import type { ManagerRemoval } from '../scim/patch.ts';

export type PlanRules = {
  /** `sane` repairs documented oddities: cleared attributes, late references, memberships after a restore. */
  readonly fidelity: 'entra' | 'sane';
  /** Whose requests are sent. */
  readonly client: ClientProfile;
  readonly patchMode: PatchMode;
  /** References whose other end is not linked yet wait for it, instead of being forgotten (cycle.md 3.31, 3.40). */
  readonly keepsReferences: boolean;
  readonly scopeMode: ScopeMode;
  /** Whether assignments without an app role count (ruling R6). */
  readonly defaultAccess: DefaultAccess;
  /** Objects leaving scope stay as they are in the target (cycle.md 8). */
  readonly skipOutOfScope: boolean;
  /** False: a target that cannot disable; users leaving scope are deleted (cycle.md 3.12). */
  readonly targetSupportsSoftDelete: boolean;
  /** The linked resource answers 404 (ruling R2). */
  readonly onMissingLink: 'fail' | 'rematch';
  /** Two source objects match one resource (D-09). */
  readonly onSharedTarget: 'link' | 'fail';
  /** A matching value with one of these fails the object (cycle.md 13.11). */
  readonly unmatchableCharacters: string;
  /** No DELETE for who was purged without a disable before (D-13). */
  readonly dropUnseenPurge: boolean;
  readonly memberBatchSize: number;
  readonly memberRefNull: boolean;
  readonly managerRemoval: ManagerRemoval;
  readonly postBooleanStrings: boolean;
  readonly legacyGroupSchema: boolean;
  /** Custom extension URNs are listed in `schemas` of create bodies (ruling R20). */
  readonly listExtensionSchemas: boolean;
  /** Multi-valued attributes whose work element is created as the primary one. */
  readonly primaryWork: readonly string[];
  /** A source value that becomes empty clears the target's (scim-wire.md 6.7). */
  readonly flowNullValues: boolean;
  /** A create answered 409 is matched again at once, and linked when one resource is found (scim-wire.md 5.3). */
  readonly relinkOnConflict: boolean;
  /** The target is asked whether it holds a reference before it is written (scim-wire.md 4.4). */
  readonly referenceProbe: boolean;
};
