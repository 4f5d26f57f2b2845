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
const NAME_COLUMNS = 34;
const REASON_COLUMNS = 40;
/** Everything before the reason but the name. */
const LEAD_COLUMNS = 34;
const INDENT = 23;

export function logLine(record: ProvisioningLogRecord, width: number): string {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const name = record.sourceIdentity.details.UserPrincipalName ?? record.sourceIdentity.displayName;
  const last = record.provisioningSteps.at(-1);
  const why = errorInformation === null ? (last?.description ?? '') : errorInformation.reason.replaceAll('\n', '  ');
  const code = errorInformation?.errorCode ?? last?.details.SkipReason;
  const names = Math.min(NAME_COLUMNS, Math.max(16, width - LEAD_COLUMNS - REASON_COLUMNS));
  const lead = `${record.activityDateTime.slice(0, 19)}  ${MARKS[status]} ${pad(record.provisioningAction, 8)} ${pad(Number.isFinite(width) ? cut(name, names) : name, names)}  `;
  const room = width - LEAD_COLUMNS - names;
  const text = `${code === undefined ? '' : `${code}: `}${why}`;
  // On a narrow terminal the reason gets a line of its own.
  if (room < REASON_COLUMNS)
    return `${lead.trimEnd()}\n${' '.repeat(INDENT)}${cut(text, Math.max(20, width - INDENT))}`;
  return lead + cut(text, room);
}
