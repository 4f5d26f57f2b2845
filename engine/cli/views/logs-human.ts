/** Provisioning log records as a person reads them: when, what, who, why. */

import type { AuditRecord } from '../../model/audit.ts';
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import { colour } from '../colour.ts';
import { cut, pad } from './text-width.ts';

const MARKS = {
  success: colour.green('✓'),
  failure: colour.red('✗'),
  skipped: colour.dim('·'),
  warning: colour.yellow('!'),
};

/** `2026-01-01T00:40:00  workplace  Quarantine  imposed: TooManyDeletes`. */
export function auditLine({ job, at, activity, detail }: AuditRecord & { readonly job: string }): string {
  return `${at.slice(0, 19)}  ${job}  ${colour.bold(activity)}  ${detail}`;
}

export function logLine(record: ProvisioningLogRecord, width: number): string {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const name = record.sourceIdentity.details.UserPrincipalName ?? record.sourceIdentity.displayName;
  const last = record.provisioningSteps.at(-1);
  const why = errorInformation === null ? (last?.description ?? '') : errorInformation.reason.replaceAll('\n', '  ');
  const code = errorInformation?.errorCode ?? last?.details.SkipReason;
  const lead = `${record.activityDateTime.slice(0, 19)}  ${MARKS[status]} ${pad(record.provisioningAction, 8)} ${pad(cut(name, 34), 34)}  `;
  return lead + cut(`${code === undefined ? '' : `${code}: `}${why}`, Math.max(40, width - 70));
}
