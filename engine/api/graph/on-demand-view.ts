/** The event inside an on-demand answer: a log record under other names, details as text (graph-api.md 10). */
import type { Instant } from '../../model/instant.ts';
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';

export type Verdict = {
  readonly result: 'Success' | 'Skipped' | 'Failure';
  readonly details: { readonly errorCode: string | null; readonly errorMessage: string | null };
};

const NOTHING = { errorCode: null, errorMessage: null };

/** Without a record there was nothing to write: source and target are equal. */
export function verdictOf(record: ProvisioningLogRecord | undefined): Verdict {
  if (record === undefined) return { result: 'Skipped', details: { ...NOTHING, errorCode: 'RedundantExport' } };
  const { status, errorInformation } = record.provisioningStatusInfo;
  if (status === 'failure') {
    const { errorCode = null, reason = null } = errorInformation ?? {};
    return { result: 'Failure', details: { errorCode, errorMessage: reason } };
  }
  if (status !== 'skipped') return { result: 'Success', details: NOTHING };
  const reason = record.provisioningSteps.map(({ details }) => details.SkipReason).find((one) => one !== undefined);
  return { result: 'Skipped', details: { errorCode: String(reason ?? 'RedundantExport'), errorMessage: null } };
}

export function onDemandEvent(
  record: ProvisioningLogRecord,
  startTime: Instant,
  endTime: Instant,
): Readonly<Record<string, unknown>> {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const { sourceIdentity, targetIdentity, sourceSystem, targetSystem } = record;
  return {
    action: capital(record.provisioningAction),
    changeId: record.changeId,
    startTime,
    endTime,
    reportableIdentifier: sourceIdentity.details.UserPrincipalName ?? sourceIdentity.displayName,
    modifiedProperties: record.modifiedProperties,
    provisioningSteps: record.provisioningSteps.map((step) => ({
      name: step.name,
      type: capital(step.provisioningStepType),
      status: capital(step.status),
      description: step.description,
      timestamp: record.activityDateTime,
      details: Object.fromEntries(Object.entries(step.details).map(([key, value]) => [key, asText(value)])),
    })),
    statusInfo: {
      status: capital(status),
      errorCode: errorInformation?.errorCode ?? null,
      reason: errorInformation?.reason ?? null,
      additionalDetails: errorInformation?.additionalDetails ?? null,
      errorCategory: errorInformation === null ? null : capital(errorInformation.errorCategory),
      recommendedAction: errorInformation?.recommendedAction ?? null,
    },
    sourceIdentity: identity(sourceIdentity),
    sourceSystem: { id: null, name: sourceSystem.displayName, details: null },
    targetIdentity: identity(targetIdentity),
    targetSystem: { id: null, name: targetSystem.displayName, details: null },
  };
}

function identity({ id, identityType }: ProvisioningLogRecord['sourceIdentity']): Readonly<Record<string, unknown>> {
  return { id: id === '' ? null : id, type: identityType, displayName: null, details: null };
}

/** Booleans are `True` and `False`. */
function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
