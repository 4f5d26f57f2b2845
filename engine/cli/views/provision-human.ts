/** Provision on demand in the portal's steps: import, scope, match, perform (cycle.md 9.1). */

import type { ProvisioningStep } from '../../model/provisioning-log.ts';
import type { Operation, Outcome } from '../../plan/plan.ts';
import { colour } from '../colour.ts';
import { cut, pad } from './text-width.ts';

const TITLES: Readonly<Record<ProvisioningStep['provisioningStepType'], string>> = {
  import: '2 Import',
  scoping: '3 Determine scope',
  matching: '4 Match',
  processing: '5 Perform action',
  referenceResolution: '5 Resolve references',
  export: '5 Perform action',
};

/** Steps that tell what the fifth line of the outcome tells. */
const PERFORMED: ReadonlySet<ProvisioningStep['provisioningStepType']> = new Set(['processing', 'export']);

const TITLE_COLUMNS = 22;

/** Who it is about, and what import, scoping and matching found: known before anything is sent. */
export function plannedHuman(operation: Operation, width: number): string {
  const found = operation.steps.filter(({ provisioningStepType: type }) => !PERFORMED.has(type));
  const inOrder = [...found].sort((a, b) =>
    TITLES[a.provisioningStepType].localeCompare(TITLES[b.provisioningStepType]),
  );
  const name = operation.source.userPrincipalName ?? operation.source.displayName;
  return [`  ${colour.bold(name)}`, ...inOrder.map((step) => stepLine(step, width))].join('\n');
}

/** What was done, with the attributes and the requests. */
export function outcomeHuman(outcome: Outcome, width: number): string {
  const { operation, failure } = outcome;
  const verdict = failure === undefined ? mark(outcome) : `${colour.red('✗')} ${failure.code}: ${failure.message}`;
  const changes = operation.modifiedProperties.map(
    ({ displayName, oldValue, newValue }) =>
      `      ${cut(`${displayName}  ${quote(oldValue)} → ${quote(newValue)}`, Math.max(60, width - 8))}`,
  );
  const requests = operation.requests.map(({ method, path }) => `      ${colour.dim(`${method} ${path}`)}`);
  // What fails while the target is read fails in the step of matching, as in the log.
  const early = operation.failure !== undefined && operation.failure.code !== 'AttributeMappingFailed';
  const title = TITLES[early ? 'matching' : 'export'];
  return [`    ${pad(title, TITLE_COLUMNS)} ${verdict}`, ...changes, ...requests].join('\n');
}

function stepLine(step: ProvisioningStep, width: number): string {
  return `    ${pad(TITLES[step.provisioningStepType], TITLE_COLUMNS)} ${cut(step.description, Math.max(60, width - 30))}`;
}

function mark({ operation, status }: Outcome): string {
  const sign = status === 'success' ? colour.green('✓') : colour.dim('·');
  return `${sign} ${operation.action === 'none' ? 'skipped' : operation.action}: ${operation.reason.message}`;
}

function quote(value: string | null): string {
  return value === null ? 'nothing' : `"${value}"`;
}
