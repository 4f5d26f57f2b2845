/**
 * Log records as they are kept: what all records of a cycle share stands in a frame, once; the rest goes without the names
 * of its fields, and without what the row has as columns. That is half the text, which fits into one page of the file.
 */
import chunk from 'lodash/chunk.js';
import type {
  ModifiedProperty,
  ProvisionedIdentity,
  ProvisioningLogRecord,
  ProvisioningStep,
} from '../model/provisioning-log.ts';

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

type Identity = readonly [displayName: string, identityType: string, details: ProvisionedIdentity['details']];
type Step = readonly [
  name: string,
  type: ProvisioningStep['provisioningStepType'],
  status: ProvisioningStep['status'],
  description: string,
  details: ProvisioningStep['details'],
];
type Property = readonly [displayName: string, oldValue: string | null, newValue: string | null];
const STEP_FIELDS: Step['length'] = 5;
const PROPERTY_FIELDS: Property['length'] = 3;

type Compact = readonly [
  id: string,
  changeId: string,
  duration: number,
  source: Identity,
  target: Identity,
  error: ProvisioningLogRecord['provisioningStatusInfo']['errorInformation'],
  /** The fields of one after those of the other: an array for each would cost more than all the rest. */
  steps: readonly Step[number][],
  properties: readonly Property[number][],
];

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
  const compact: Compact = [
    record.id,
    record.changeId,
    record.durationInMilliseconds,
    compactIdentity(record.sourceIdentity),
    compactIdentity(record.targetIdentity),
    record.provisioningStatusInfo.errorInformation,
    flatSteps(record.provisioningSteps),
    flatProperties(record.modifiedProperties),
  ];
  return JSON.stringify(compact);
}

/** The record again; one of before the frames stands whole in `text`. */
export function expandRecord(text: string, columns: LogColumns, frame: LogFrame): ProvisioningLogRecord {
  const kept = JSON.parse(text) as Compact | ProvisioningLogRecord;
  if ('provisioningSteps' in kept) return kept;
  const [id, changeId, durationInMilliseconds, source, target, errorInformation, steps, properties] = kept;
  const status = columns.status as ProvisioningLogRecord['provisioningStatusInfo']['status'];
  return {
    id,
    activityDateTime: columns.activity,
    tenantId: frame.tenantId,
    jobId: frame.jobId,
    cycleId: frame.cycleId,
    changeId,
    provisioningAction: columns.action as ProvisioningLogRecord['provisioningAction'],
    durationInMilliseconds,
    initiatedBy: frame.initiatedBy,
    servicePrincipal: frame.servicePrincipal,
    sourceSystem: frame.sourceSystem,
    targetSystem: frame.targetSystem,
    sourceIdentity: expandIdentity(columns.source_id, source),
    targetIdentity: expandIdentity(columns.target_id, target),
    provisioningStatusInfo: { status, errorInformation },
    // Of records of before, each stands in an array.
    provisioningSteps: chunk(steps.flat(), STEP_FIELDS).map((fields) => expandStep(fields as unknown as Step)),
    modifiedProperties: chunk(properties.flat(), PROPERTY_FIELDS).map((fields) =>
      expandProperty(fields as unknown as Property),
    ),
  };
}

function flatSteps(steps: readonly ProvisioningStep[]): Step[number][] {
  const fields: Step[number][] = [];
  for (const { name, provisioningStepType, status, description, details } of steps)
    fields.push(name, provisioningStepType, status, description, details);
  return fields;
}

function flatProperties(properties: readonly ModifiedProperty[]): Property[number][] {
  const fields: Property[number][] = [];
  for (const { displayName, oldValue, newValue } of properties) fields.push(displayName, oldValue, newValue);
  return fields;
}

function compactIdentity({ displayName, identityType, details }: ProvisionedIdentity): Identity {
  return [displayName, identityType, details];
}

function expandIdentity(id: string, [displayName, identityType, details]: Identity): ProvisionedIdentity {
  return { id, displayName, identityType, details };
}

function expandStep([name, provisioningStepType, status, description, details]: Step): ProvisioningStep {
  return { name, provisioningStepType, status, description, details };
}

function expandProperty([displayName, oldValue, newValue]: Property): ModifiedProperty {
  return { displayName, oldValue, newValue };
}
