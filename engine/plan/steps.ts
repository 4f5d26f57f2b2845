/** The provisioning steps that planning knows (cycle.md 10b); apply adds the export step. */
import type { Escrow } from '../model/job-state.ts';
import type { ProvisioningStep } from '../model/provisioning-log.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import type { Asker, SourceObject } from '../model/source-object.ts';
import type { SourceIdentity } from './plan.ts';

type Origin = { readonly askedBy?: Asker | undefined; readonly escrow: Escrow | undefined };

/**
 * `EntryEscrowRetry`, `EntryImportAdd`, `EntryImportUpdate`, `EntryImport`: how the object came into the cycle. One that
 * waits for its retry and has changed meanwhile has both (D-11).
 */
export function importSteps(
  object: SourceObject,
  attributes: Readonly<Record<string, unknown>>,
  origin: Origin & { readonly known: boolean },
): readonly ProvisioningStep[] {
  const what = `${object.type} '${String(attributes.displayName ?? object.id)}'`;
  const imported = { provisioningStepType: 'import', status: 'success', details: importDetails(attributes) } as const;
  // Fetched because a person named it, whatever waits for its retry (cycle.md 9.2).
  if (origin.askedBy === 'person') {
    return [{ name: 'EntryImport', description: `Retrieved ${what} from the directory`, ...imported }];
  }
  const name = origin.known ? 'EntryImportUpdate' : 'EntryImportAdd';
  return afterRetry(origin, { name, description: `Received ${what} change from the directory`, ...imported });
}

/** A retry comes first, and alone when nothing else brought the object into the cycle (cycle.md 5.6, D-11). */
function afterRetry({ askedBy, escrow }: Origin, change: ProvisioningStep): readonly ProvisioningStep[] {
  if (escrow === undefined) return [change];
  return askedBy === 'retry' ? [escrowRetryStep(escrow)] : [escrowRetryStep(escrow), change];
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

/** The purge was seen at the source, or what it asked for is tried again. */
export function importDeleteSteps(identity: SourceIdentity, origin: Origin): readonly ProvisioningStep[] {
  return afterRetry(origin, {
    name: 'EntryImportDelete',
    provisioningStepType: 'import',
    status: 'success',
    description: `${identity.type} '${identity.displayName}' was deleted for good in the directory`,
    details: { objectId: identity.id },
  });
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
function reportableIdentifier(identity: SourceIdentity): string {
  return identity.userPrincipalName ?? identity.displayName;
}

/** What Okta calls the same attributes says nothing more. */
function importDetails(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return toDetails(attributes, (name) => !name.startsWith('user.'));
}

/** Values as the log prints them: text, `True`/`False`, lists joined, structures as JSON. Empty values are left out. */
function toDetails(
  values: Readonly<Record<string, unknown>>,
  shows: (name: string) => boolean = () => true,
): Readonly<Record<string, string>> {
  const details: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const text = shows(name) ? toLogText(value) : undefined;
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
