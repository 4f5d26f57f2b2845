/** Log records of state format 4, which spelled their names out; later ones are in `compact-log.ts`. */
import chunk from 'lodash/chunk.js';
import type {
  ErrorInformation,
  ModifiedProperty,
  ProvisionedIdentity,
  ProvisioningStep,
} from '../model/provisioning-log.ts';
import type { LogParts } from './log-parts.ts';

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

export type EarlierRecord = readonly [
  id: string,
  changeId: string,
  duration: number,
  source: Identity,
  target: Identity,
  error: ErrorInformation | null,
  /** The fields of one after those of the other, or a list for each. */
  steps: readonly Step[number][] | readonly Step[],
  properties: readonly Property[number][] | readonly Property[],
];

/** Today's begin with a number. */
export function isEarlier(kept: EarlierRecord | readonly unknown[]): kept is EarlierRecord {
  return typeof kept[0] === 'string';
}

export function readEarlier(kept: EarlierRecord): LogParts {
  const [id, changeId, duration, source, target, error, steps, properties] = kept;
  return {
    id,
    changeId,
    duration,
    source: toIdentity(source),
    target: toIdentity(target),
    error,
    steps: chunk(steps.flat(), STEP_FIELDS).map((fields) => toStep(fields as unknown as Step)),
    properties: chunk(properties.flat(), PROPERTY_FIELDS).map((fields) => toProperty(fields as unknown as Property)),
  };
}

function toIdentity([displayName, identityType, details]: Identity): LogParts['source'] {
  return { displayName, identityType, details };
}

function toStep([name, provisioningStepType, status, description, details]: Step): ProvisioningStep {
  return { name, provisioningStepType, status, description, details };
}

function toProperty([displayName, oldValue, newValue]: Property): ModifiedProperty {
  return { displayName, oldValue, newValue };
}
