/** Every conformance check, in the order in which they run and are listed. */
import type { ConformanceCheck } from '../check.ts';
import { connectionChecks } from './connection.ts';
import { creatingChecks } from './creating.ts';
import { deletingChecks, disablingChecks } from './disabling.ts';
import { discoveryChecks } from './discovery.ts';
import { groupChecks } from './groups.ts';
import { listChecks } from './lists.ts';
import { matchingChecks } from './matching.ts';
import { memberChecks } from './members.ts';
import { neighbourChecks } from './neighbours.ts';
import { patchingChecks } from './patching.ts';
import { referenceChecks } from './reference.ts';
import { managerChecks } from './references.ts';
import { roleChecks } from './roles.ts';
import { signingInChecks } from './signing-in.ts';
import { toleranceChecks } from './tolerances.ts';
import { updatingChecks } from './updating.ts';

export const CONFORMANCE_CHECKS: readonly ConformanceCheck[] = [
  ...connectionChecks,
  ...signingInChecks,
  ...matchingChecks,
  ...creatingChecks,
  ...patchingChecks,
  ...updatingChecks,
  ...neighbourChecks,
  ...roleChecks,
  ...toleranceChecks,
  ...disablingChecks,
  ...managerChecks,
  ...deletingChecks,
  ...groupChecks,
  ...memberChecks,
  ...discoveryChecks,
  ...listChecks,
  ...referenceChecks,
];
