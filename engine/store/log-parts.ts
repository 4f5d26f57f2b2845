import type {
  ErrorInformation,
  ModifiedProperty,
  ProvisionedIdentity,
  ProvisioningStep,
} from '../model/provisioning-log.ts';

/** What the text of a log record holds, in whichever form: the rest stands in its frame and its columns. */
export type LogParts = {
  readonly id: string;
  readonly changeId: string;
  readonly duration: number;
  readonly source: Omit<ProvisionedIdentity, 'id'>;
  readonly target: Omit<ProvisionedIdentity, 'id'>;
  readonly error: ErrorInformation | null;
  readonly steps: readonly ProvisioningStep[];
  readonly properties: readonly ModifiedProperty[];
};
