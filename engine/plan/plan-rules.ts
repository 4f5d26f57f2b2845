/** The settings of a job that decide what is planned and in which dialect. */
import type { ScopeMode } from '../model/job-state.ts';
import type { PatchMode } from '../model/scim-message.ts';
import type { ManagerRemoval } from '../scim/patch.ts';

export type PlanRules = {
  /** `sane` repairs documented oddities: cleared attributes, late references, memberships after a restore. */
  readonly fidelity: 'entra' | 'sane';
  readonly patchMode: PatchMode;
  readonly scopeMode: ScopeMode;
  /** Whether assignments without an app role count (ruling R6). */
  readonly defaultAccess: 'provision' | 'skip';
  /** Objects leaving scope stay as they are in the target (cycle.md 8). */
  readonly skipOutOfScope: boolean;
  /** False: a target that cannot disable; users leaving scope are deleted (cycle.md 3.12). */
  readonly targetSupportsSoftDelete: boolean;
  /** The linked resource answers 404 (ruling R2). */
  readonly onMissingLink: 'fail' | 'rematch';
  readonly memberBatchSize: number;
  readonly memberRefNull: boolean;
  readonly managerRemoval: ManagerRemoval;
  readonly postBooleanStrings: boolean;
  readonly legacyGroupSchema: boolean;
  /** Custom extension URNs are listed in `schemas` of create bodies (ruling R20). */
  readonly listExtensionSchemas: boolean;
};
