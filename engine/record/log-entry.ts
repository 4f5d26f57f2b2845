/** Operation and outcome → the provisioning log record (cycle.md 10a-10c, 10f). */

import type { Instant } from '../model/instant.ts';
import type {
  ErrorInformation,
  ProvisioningLogRecord,
  ProvisioningStep,
  ProvisioningSystem,
} from '../model/provisioning-log.ts';
import type { Operation, Outcome } from '../plan/plan.ts';
import { errorInformation } from './error-information.ts';
import type { EscrowVerdict } from './escrow.ts';

/** What every record of a job carries. */
export type LogIdentity = {
  readonly tenantId: string;
  readonly jobId: string;
  readonly cycleId: string;
  /** The application as error texts name it, and their word for no retry yet. */
  readonly application: { readonly name: string; readonly zero?: string };
  readonly servicePrincipal: { readonly id: string; readonly displayName: string };
  readonly sourceSystem: ProvisioningSystem;
  readonly targetSystem: ProvisioningSystem;
};

export type LogEntryInput = {
  readonly identity: LogIdentity;
  readonly outcome: Outcome;
  /** Where the failed object waits, or that it waits no longer, when it failed. */
  readonly escrow: EscrowVerdict | undefined;
  readonly now: Instant;
  readonly id: string;
  readonly changeId: string;
};

const TARGET_TYPES: Readonly<Record<Operation['resourceType'], string>> = {
  User: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  Group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
};

const EXPORT_STEPS: Readonly<Record<Operation['action'], string>> = {
  create: 'EntryExportAdd',
  update: 'EntryExportUpdate',
  disable: 'EntryExportUpdateSoftDelete',
  delete: 'EntryExportDelete',
  none: 'EntrySynchronizationSkip',
};

const INITIATOR: ProvisioningLogRecord['initiatedBy'] = {
  id: '',
  displayName: 'Azure AD Provisioning Service',
  initiatorType: 'system',
};

/** The record of one outcome. */
export function logEntry(input: LogEntryInput): ProvisioningLogRecord {
  const { identity, outcome, now } = input;
  const { operation } = outcome;
  const { source } = operation;
  const error =
    outcome.failure === undefined
      ? null
      : errorInformation(outcome.failure, operation, input.escrow, identity.application);
  return {
    id: input.id,
    activityDateTime: now,
    tenantId: identity.tenantId,
    jobId: identity.jobId,
    cycleId: identity.cycleId,
    changeId: input.changeId,
    provisioningAction: operation.logAction,
    durationInMilliseconds: outcome.durationMs,
    initiatedBy: INITIATOR,
    servicePrincipal: identity.servicePrincipal,
    sourceSystem: identity.sourceSystem,
    targetSystem: identity.targetSystem,
    sourceIdentity: {
      id: source.id,
      displayName: source.displayName,
      identityType: source.type,
      details: {
        id: source.id,
        odatatype: source.type,
        DisplayName: source.displayName,
        ...(source.userPrincipalName === undefined ? {} : { UserPrincipalName: source.userPrincipalName }),
      },
    },
    targetIdentity: {
      id: outcome.targetId ?? '',
      displayName: '',
      identityType: TARGET_TYPES[operation.resourceType],
      details: {},
    },
    provisioningStatusInfo: { status: outcome.status, errorInformation: error },
    provisioningSteps: [...operation.steps, ...lastSteps(outcome, error)],
    modifiedProperties: operation.modifiedProperties,
  };
}

/** The step that ends the record: what was sent, or where it failed before (cycle.md 10b, GC-25). */
function lastSteps(outcome: Outcome, error: ErrorInformation | null): readonly ProvisioningStep[] {
  const { operation } = outcome;
  if (operation.requests.length === 0 && outcome.failure === undefined) return [];
  const { name, provisioningStepType } = stepOf(operation);
  return [
    {
      name,
      provisioningStepType,
      status: outcome.status,
      description:
        error?.reason ?? `${operation.source.type} '${operation.source.displayName}': ${operation.reason.message}`,
      details: {
        ReportableIdentifier: operation.source.userPrincipalName ?? operation.source.displayName,
        ...(outcome.answered === undefined ? {} : { ResponseStatusCode: String(outcome.answered) }),
        ...(error === null ? {} : { ErrorCode: error.errorCode }),
      },
    },
  ];
}

/** A failure met while planning is that of reading the target, or of an expression; nothing was exported then. */
function stepOf({ action, failure }: Operation): Pick<ProvisioningStep, 'name' | 'provisioningStepType'> {
  if (failure === undefined) return { name: EXPORT_STEPS[action], provisioningStepType: 'export' };
  if (failure.code !== 'AttributeMappingFailed') return { name: 'EntryImport', provisioningStepType: 'matching' };
  const name = action === 'create' ? 'EntrySynchronizationAdd' : 'EntrySynchronizationUpdate';
  return { name, provisioningStepType: 'processing' };
}
