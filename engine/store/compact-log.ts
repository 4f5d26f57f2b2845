/**
 * Log records as they are kept: what all records of a cycle share stands in a frame, once; the rest goes without the names of
 * its fields, without what the row has as columns, and with a number in place of each name that is known. That is less than
 * half the text, of which several fit into one page of the file.
 */
import type {
  ErrorInformation,
  ModifiedProperty,
  ProvisionedIdentity,
  ProvisioningLogRecord,
  ProvisioningStep,
} from '../model/provisioning-log.ts';
import { type EarlierRecord, isEarlier, readEarlier } from './earlier-log.ts';
import { addPairs, type KeptName, keptName, nameOf, recordOf } from './known-names.ts';
import type { LogParts } from './log-parts.ts';

/** What the records of one cycle have in common. */
export type LogFrame = Pick<
  ProvisioningLogRecord,
  'tenantId' | 'jobId' | 'cycleId' | 'initiatedBy' | 'servicePrincipal' | 'sourceSystem' | 'targetSystem'
>;

/** What the row of a record tells by its columns. */
export type LogColumns = {
  readonly activity: string;
  readonly source_id: string;
  readonly target_id: string;
  readonly status: string;
  readonly action: string;
};

type Details = ProvisionedIdentity['details'];

/**
 * The fields of a record one after the other, in one list, because a list for each part of it would cost more than all the rest.
 * Lists within it, details among them, are led by how many fields they have; properties go on to the end.
 */
type Field = KeptName | ErrorInformation | null;

export function frameOf(record: ProvisioningLogRecord): LogFrame {
  const { tenantId, jobId, cycleId, initiatedBy, servicePrincipal, sourceSystem, targetSystem } = record;
  return { tenantId, jobId, cycleId, initiatedBy, servicePrincipal, sourceSystem, targetSystem };
}

/** True when both are of one frame by the look of it: the records of a cycle share their parts. */
export function shareFrame(one: ProvisioningLogRecord, other: ProvisioningLogRecord): boolean {
  return (
    one.cycleId === other.cycleId &&
    one.jobId === other.jobId &&
    one.tenantId === other.tenantId &&
    one.initiatedBy === other.initiatedBy &&
    one.servicePrincipal === other.servicePrincipal &&
    one.sourceSystem === other.sourceSystem &&
    one.targetSystem === other.targetSystem
  );
}

/** `record` without its frame and its columns. */
export function compactRecord(record: ProvisioningLogRecord): string {
  const fields: Field[] = [record.durationInMilliseconds, record.id, record.changeId];
  fields.push(record.provisioningStatusInfo.errorInformation);
  addIdentity(fields, record.sourceIdentity);
  addIdentity(fields, record.targetIdentity);
  fields.push(record.provisioningSteps.length);
  for (const { name, provisioningStepType, status, description, details } of record.provisioningSteps) {
    fields.push(keptName(name), keptName(provisioningStepType), keptName(status), description);
    addDetails(fields, details);
  }
  for (const { displayName, oldValue, newValue } of record.modifiedProperties)
    fields.push(keptName(displayName), oldValue, newValue);
  return JSON.stringify(fields);
}

function addIdentity(fields: Field[], { displayName, identityType, details }: ProvisionedIdentity): void {
  fields.push(displayName, keptName(identityType));
  addDetails(fields, details);
}

function addDetails(fields: Field[], details: Details): void {
  const before = fields.push(0);
  addPairs<Field>(fields, details);
  fields[before - 1] = fields.length - before;
}

/** The record again, whichever version kept it. */
export function expandRecord(text: string, columns: LogColumns, frame: LogFrame): ProvisioningLogRecord {
  const kept = JSON.parse(text) as ProvisioningLogRecord | EarlierRecord | readonly Field[];
  // One of before the frames stands whole in its row.
  if ('provisioningSteps' in kept) return kept;
  const parts = isEarlier(kept) ? readEarlier(kept) : readFields(kept);
  const status = columns.status as ProvisioningLogRecord['provisioningStatusInfo']['status'];
  return {
    id: parts.id,
    activityDateTime: columns.activity,
    tenantId: frame.tenantId,
    jobId: frame.jobId,
    cycleId: frame.cycleId,
    changeId: parts.changeId,
    provisioningAction: columns.action as ProvisioningLogRecord['provisioningAction'],
    durationInMilliseconds: parts.duration,
    initiatedBy: frame.initiatedBy,
    servicePrincipal: frame.servicePrincipal,
    sourceSystem: frame.sourceSystem,
    targetSystem: frame.targetSystem,
    sourceIdentity: { id: columns.source_id, ...parts.source },
    targetIdentity: { id: columns.target_id, ...parts.target },
    provisioningStatusInfo: { status, errorInformation: parts.error },
    provisioningSteps: parts.steps,
    modifiedProperties: parts.properties,
  };
}

function readFields(fields: readonly Field[]): LogParts {
  let at = 0;
  const next = <T extends Field>(): T => {
    const field = fields[at] as T;
    at += 1;
    return field;
  };
  const name = () => nameOf(next<KeptName>());
  const details = (): Details => {
    const length = next<number>();
    at += length;
    return recordOf<string>(fields.slice(at - length, at) as KeptName[]);
  };
  const identity = (): LogParts['source'] => ({
    displayName: next<string>(),
    identityType: name(),
    details: details(),
  });
  const step = (): ProvisioningStep => ({
    name: name(),
    provisioningStepType: name() as ProvisioningStep['provisioningStepType'],
    status: name() as ProvisioningStep['status'],
    description: next<string>(),
    details: details(),
  });
  const property = (): ModifiedProperty => ({
    displayName: name(),
    oldValue: next<string | null>(),
    newValue: next<string | null>(),
  });
  const duration = next<number>();
  const id = next<string>();
  const changeId = next<string>();
  const error = next<ErrorInformation | null>();
  const source = identity();
  const target = identity();
  const steps = Array.from({ length: next<number>() }, step);
  const properties: ModifiedProperty[] = [];
  while (at < fields.length) properties.push(property());
  return { duration, id, changeId, error, source, target, steps, properties };
}
