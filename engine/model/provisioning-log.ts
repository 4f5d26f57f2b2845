/** The provisioning log record, Graph `provisioningObjectSummary` as seen on the wire (cycle.md 10a, 10f). */
import type { Instant } from './instant.ts';

export type ProvisioningAction = 'create' | 'update' | 'delete' | 'disable' | 'stageddelete' | 'other';
export type ProvisioningStatus = 'success' | 'failure' | 'skipped' | 'warning';
type ProvisioningStepType = 'import' | 'scoping' | 'matching' | 'processing' | 'referenceResolution' | 'export';

export type ProvisioningStep = {
  readonly name: string;
  readonly provisioningStepType: ProvisioningStepType;
  readonly status: ProvisioningStatus;
  readonly description: string;
  readonly details: Readonly<Record<string, string>>;
};

export type ModifiedProperty = {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
};

export type ErrorInformation = {
  readonly errorCode: string;
  readonly reason: string;
  readonly errorCategory: 'failure' | 'nonServiceFailure' | 'success';
  readonly recommendedAction: string | null;
  readonly additionalDetails: string | null;
};

export type ProvisionedIdentity = {
  readonly id: string;
  readonly displayName: string;
  readonly identityType: string;
  readonly details: Readonly<Record<string, string>>;
};

export type ProvisioningSystem = {
  readonly id: string;
  readonly displayName: string;
  readonly details: Readonly<Record<string, string>>;
};

export type ProvisioningLogRecord = {
  readonly id: string;
  readonly activityDateTime: Instant;
  readonly tenantId: string;
  readonly jobId: string;
  readonly cycleId: string;
  readonly changeId: string;
  readonly provisioningAction: ProvisioningAction;
  readonly durationInMilliseconds: number;
  readonly initiatedBy: { readonly id: string; readonly displayName: string; readonly initiatorType: 'system' };
  readonly servicePrincipal: { readonly id: string; readonly displayName: string };
  readonly sourceSystem: ProvisioningSystem;
  readonly targetSystem: ProvisioningSystem;
  readonly sourceIdentity: ProvisionedIdentity;
  readonly targetIdentity: ProvisionedIdentity;
  readonly provisioningStatusInfo: {
    readonly status: ProvisioningStatus;
    readonly errorInformation: ErrorInformation | null;
  };
  readonly provisioningSteps: readonly ProvisioningStep[];
  readonly modifiedProperties: readonly ModifiedProperty[];
};
