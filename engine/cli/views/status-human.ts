/** State, last cycle, links, escrows, quarantine of a job. */

import type { JobStatus } from '../../engine.ts';
import type { ApiDecision } from '../../manage/api-decisions.ts';
import { addMilliseconds, MINUTE } from '../../model/instant.ts';
import { statusOf } from '../../record/job-lifecycle.ts';
import { colour } from '../colour.ts';

/** Fixed for every customer (cycle.md 1.6, 13.8): another interval is for tests, and said so. */
const ENTRA_INTERVAL_MS = 40 * MINUTE;

export function statusHuman(status: JobStatus): string {
  const { record } = status;
  const target =
    status.address.override === undefined
      ? status.address.tenantUrl
      : `${status.address.tenantUrl} → ${status.address.override}`;
  const lines = [`${colour.bold(status.name)} · ${statusOf(record).status} · ${target}`, `  job      ${status.jobId}`];
  if (status.intervalMs !== ENTRA_INTERVAL_MS)
    lines.push(
      `  every    ${status.intervalMs / MINUTE} min (Entra runs SCIM jobs every ${ENTRA_INTERVAL_MS / MINUTE}, and nobody can change that)`,
    );
  const cycle = record?.lastCycle;
  if (cycle === undefined) {
    const next = status.waitsForStart ? `scimulate start --job "${status.name}"` : 'scimulate sync';
    return [...lines, `  no cycle has run yet. Do it: ${next}`].join('\n');
  }
  const { created, updated, disabled, deleted, skipped, failed, warnings } = cycle.counts;
  lines.push(
    `  last     ${cycle.kind} cycle, ${cycle.state ?? 'not finished'}, ended ${cycle.endedAt ?? '-'}`,
    `           created ${created}  updated ${updated}  disabled ${disabled}  deleted ${deleted}  skipped ${skipped}  failed ${failed}  warnings ${warnings}`,
    `  linked   ${status.links.User} users, ${status.links.Group} groups`,
    `  escrow   ${status.escrows.objects} objects, ${status.escrows.references} references`,
  );
  if (status.stagedDeprovisions > 0) lines.push(`  held     ${status.stagedDeprovisions} deprovisions`);
  for (const notice of status.notices) lines.push(`  ${colour.yellow('warning')}  ${notice}`);
  if (cycle.error !== undefined) lines.push(`  ${colour.red('error')}    ${cycle.error.code}: ${cycle.error.message}`);
  if (record?.quarantine !== undefined) {
    lines.push(
      `  ${colour.red('quarantine')} ${record.quarantine.reason} since ${record.quarantine.seriesBegan}: ${record.quarantine.error.message}`,
    );
  } else if (record?.scheduleState !== 'Active') {
    lines.push('  next     none: the schedule does not run. Go on: scimulate start');
  } else {
    lines.push(`  next     due ${addMilliseconds(cycle.startedAt, status.intervalMs)}`);
  }
  return lines.join('\n');
}

/** Where the management API has the last word over the file. */
export function decisionsHuman(decisions: readonly ApiDecision[]): readonly string[] {
  return decisions.map(({ summary }) => `${colour.yellow('warning')}  ${summary}`);
}
