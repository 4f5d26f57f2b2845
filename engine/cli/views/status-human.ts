/** State, last cycle, links, escrows, quarantine of a job. */

import { basename } from 'node:path';
import type { JobStatus } from '../../engine.ts';
import type { ApiDecision } from '../../manage/api-decisions.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { addMilliseconds, MINUTE } from '../../model/instant.ts';
import { statusOf } from '../../record/job-lifecycle.ts';
import { colour } from '../colour.ts';
import type { NextCommand } from '../next-command.ts';
import { plural } from './diagnostics-human.ts';
import { hanging } from './text-width.ts';

const TITLE_COLUMNS = 11;

export function statusHuman(status: JobStatus, next: NextCommand, width: number): string {
  // The id of a job is one word, longer than some terminals: nothing is won by a line of its own.
  return linesOf(status, next)
    .map((line) => (line.endsWith(status.jobId) ? line : hanging(line, width, ' '.repeat(TITLE_COLUMNS))))
    .join('\n');
}

function linesOf(status: JobStatus, next: NextCommand): readonly string[] {
  const { record } = status;
  const target =
    status.address.override === undefined
      ? status.address.tenantUrl
      : `${status.address.tenantUrl} → ${status.address.override}`;
  const lines = [`${colour.bold(status.name)} · ${statusOf(record).status} · ${target}`, `  job      ${status.jobId}`];
  // Fixed for every customer (cycle.md 1.6, 13.8): another interval is for tests, and said so.
  if (status.intervalMs !== status.usualIntervalMs)
    lines.push(
      `  every    ${interval(status.intervalMs)} (Entra runs this job every ${interval(status.usualIntervalMs)}, and nobody can change that)`,
    );
  const cycle = record?.lastCycle;
  const notices = status.notices.map((notice) => `  ${colour.yellow('warning')}  ${notice}`);
  if (cycle === undefined) {
    const first = status.waitsForStart ? next('start', '--job', status.name) : next('sync');
    return [...lines, ...notices, `  no cycle has run yet. Do it: ${first}`];
  }
  const { created, updated, disabled, deleted, skipped, failed, warnings } = cycle.counts;
  lines.push(
    `  last     ${cycle.kind} cycle, ${cycle.state ?? 'not finished'}, ended ${cycle.endedAt ?? '-'}`,
    `           created ${created}  updated ${updated}  disabled ${disabled}  deleted ${deleted}  skipped ${skipped}  failed ${failed}  warnings ${warnings}`,
    `  linked   ${plural(status.links.User, 'user')}, ${plural(status.links.Group, 'group')}`,
    `  escrow   ${plural(status.escrows.objects, 'object')}, ${plural(status.escrows.references, 'reference')}`,
  );
  if (status.stagedDeprovisions > 0) lines.push(`  held     ${plural(status.stagedDeprovisions, 'deprovision')}`);
  const [finding] = status.problems;
  if (finding !== undefined) lines.push(`  ${colour.yellow('findings')} ${findingsText(status, finding, next)}`);
  lines.push(...notices);
  if (cycle.error !== undefined) lines.push(`  ${colour.red('error')}    ${cycle.error.code}: ${cycle.error.message}`);
  if (record?.quarantine !== undefined) {
    lines.push(
      `  ${colour.red('quarantine')} ${record.quarantine.reason} since ${record.quarantine.seriesBegan}: ${record.quarantine.error.message}`,
    );
  } else if (record?.scheduleState !== 'Active') {
    lines.push(`  next     none: the schedule does not run. Go on: ${next('start')}`);
  } else {
    lines.push(`  next     due ${addMilliseconds(cycle.startedAt, status.intervalMs)}`);
  }
  return lines;
}

function findingsText({ problems }: JobStatus, { at, summary }: Diagnostic, next: NextCommand): string {
  const more = problems.length > 1 ? ` … and ${problems.length - 1} more.` : '';
  return `${basename(at.file)}:${at.line}: ${summary}${more} See: ${next('validate')}`;
}

/** Where the management API has the last word over the file. */
export function decisionsHuman(decisions: readonly ApiDecision[]): readonly string[] {
  return decisions.map(({ summary }) => `${colour.yellow('warning')}  ${summary}`);
}

/** Whole minutes, or seconds where there are none. */
function interval(milliseconds: number): string {
  return milliseconds % MINUTE === 0 ? `${milliseconds / MINUTE} min` : `${milliseconds / 1000} s`;
}
