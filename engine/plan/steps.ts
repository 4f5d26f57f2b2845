/** The provisioning steps that planning knows (cycle.md 10b); apply adds the export step. */
import type { Escrow } from '../model/job-state.ts';
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import type { SourceObject } from '../model/source-object.ts';
import type { SourceIdentity } from './plan.ts';

/**
 * `EntryEscrowRetry`, `EntryImportAdd`, `EntryImportUpdate`: how the object came into the cycle. One that waits for its
 * retry and has changed meanwhile has both (D-11).
 */
export function importSteps(
  object: SourceObject,
  attributes: Readonly<Record<string, unknown>>,
  origin: { readonly known: boolean; readonly retried?: boolean; readonly escrow: Escrow | undefined },
): readonly ProvisioningStep[] {
  const retry = origin.escrow === undefined ? [] : [escrowRetryStep(origin.escrow)];
  return origin.retried === true && retry.length > 0 ? retry : [...retry, changeStep(object, attributes, origin.known)];
}

function changeStep(
  object: SourceObject,
  attributes: Readonly<Record<string, unknown>>,
  known: boolean,
): ProvisioningStep {
  return {
    name: known ? 'EntryImportUpdate' : 'EntryImportAdd',
    provisioningStepType: 'import',
    status: 'success',
    description: `Received ${object.type} '${String(attributes.displayName ?? object.id)}' change from the directory`,
    details: toDetails(attributes),
  };
}

function escrowRetryStep(escrow: Escrow): ProvisioningStep {
  return {
    name: 'EntryEscrowRetry',
    provisioningStepType: 'import',
    status: 'success',
    description: `Retrying the failed operation on '${escrow.displayName}'`,
    details: {
      CountProcessed: String(escrow.retryCount),
      CreationTime: escrow.createdAt,
      Identifier: escrow.sourceId,
      ModificationType: escrow.modificationType,
      NextAttempt: escrow.nextAttempt,
      Origin: 'Source',
      TypeName: 'EscrowedEntryDefault',
    },
  };
}

/** The purge was seen at the source. */
export function importDeleteStep(identity: SourceIdentity): ProvisioningStep {
  return {
    name: 'EntryImportDelete',
    provisioningStepType: 'import',
    status: 'success',
    description: `${identity.type} '${identity.displayName}' was deleted for good in the directory`,
    details: { objectId: identity.id },
  };
}

/** The target's resource was read, by filter or by id. */
export function targetImportStep(resource: ScimResource): ProvisioningStep {
  return {
    name: 'EntryImport',
    provisioningStepType: 'matching',
    status: 'success',
    description: `Retrieved '${String(resource.id ?? '')}' from the target`,
    details: toDetails(resource),
  };
}

/** No match: it will be created. */
export function synchronizationAddStep(identity: SourceIdentity): ProvisioningStep {
  return {
    name: 'EntrySynchronizationAdd',
    provisioningStepType: 'matching',
    status: 'success',
    description: `${identity.type} '${identity.displayName}' does not exist in the target and will be created`,
    details: {},
  };
}

/** Nothing is sent, and why. `processing` for validation, `export` for redundant and out of scope. */
export function skipStep(
  identity: SourceIdentity,
  skipReason: string,
  description: string,
  extra: { readonly propertyName?: string } = {},
): ProvisioningStep {
  const details: Record<string, string> = {
    SkipReason: skipReason,
    ReportableIdentifier: reportableIdentifier(identity),
  };
  if (extra.propertyName !== undefined) details.PropertyName = extra.propertyName;
  return {
    name: 'EntrySynchronizationSkip',
    provisioningStepType: extra.propertyName === undefined ? 'export' : 'processing',
    status: 'skipped',
    description,
    details,
  };
}

/** What a person calls the object: userPrincipalName, else display name. */
export function reportableIdentifier(identity: SourceIdentity): string {
  return identity.userPrincipalName ?? identity.displayName;
}

/** Values as the log prints them: text, `True`/`False`, lists joined, structures as JSON. Empty values are left out. */
export function toDetails(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const details: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const text = toLogText(value);
    if (text !== undefined) details[name] = text;
  }
  return details;
}

/** One value as the log prints it; undefined when there is none. */
export function toLogText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(itemText).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function itemText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
