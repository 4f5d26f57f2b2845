/** What a cycle did: counts, failures with their retry, and what to look at next (ux.md). */

import type { SyncResult } from '../../engine.ts';
import type { Outcome } from '../../plan/plan.ts';
import { colour } from '../colour.ts';
import { hints, type NextCommand } from '../next-command.ts';
import { plural } from './diagnostics-human.ts';
import { hanging } from './text-width.ts';

const LISTED_FAILURES = 10;

/** The failed outcomes of a cycle: the first of them, and how many there were. */
export type Failures = {
  readonly note: (outcome: Outcome) => void;
  readonly listed: readonly Outcome[];
  readonly count: () => number;
};

/** Collects failures; however many fail, only those that are listed are kept. */
export function failureList(): Failures {
  const listed: Outcome[] = [];
  let count = 0;
  return {
    listed,
    count: () => count,
    note: (outcome) => {
      if (outcome.failure === undefined) return;
      count += 1;
      if (listed.length < LISTED_FAILURES) listed.push(outcome);
    },
  };
}

/** One finished cycle. */
export function syncHuman(result: SyncResult, failures: Failures, width: number, next: NextCommand): string {
  const seconds = (result.durationMs / 1000).toFixed(1);
  const head = `${colour.bold(result.name)} · ${result.cycle.kind} cycle ${result.error === undefined ? 'finished' : colour.red('failed')} in ${seconds} s`;
  if (result.error !== undefined) {
    const { error } = result;
    return [
      head,
      hanging(`  ${colour.red('✗')} ${error.message}`, width, '    '),
      ...(error.remedy === undefined ? [] : [hanging(`    ${error.remedy}`, width, '    ')]),
    ]
      .concat(quarantine(result, width))
      .join('\n');
  }
  const lines = [head, hanging(`  ${counts(result)}`, width, '  ')];
  for (const outcome of failures.listed) lines.push(hanging(failure(outcome), width, '    '));
  const more = failures.count() - failures.listed.length;
  if (more > 0) lines.push(`  … and ${more.toLocaleString('en-US')} more`);
  const waiting = result.escrows.objects + result.escrows.references;
  if (waiting > 0) {
    const [first] = failures.listed;
    const who = first?.operation.source.userPrincipalName ?? first?.operation.source.id ?? 'REF';
    lines.push('', hints(width, [`${plural(waiting, 'object')} in escrow.`, `Why: ${next('why', who)}`], ' '));
  }
  return lines.concat(quarantine(result, width)).join('\n');
}

function counts(result: SyncResult): string {
  const { created, updated, disabled, deleted, skipped, failed, warnings } = result.cycle.counts;
  const { managers, members } = result.cycle.references;
  const part = (name: string, count: number, paint: (text: string) => string = (text) => text) =>
    count > 0 ? [paint(`${name} ${count.toLocaleString('en-US')}`)] : [];
  const objects = [
    ...part('created', created, colour.green),
    ...part('updated', updated),
    ...part('disabled', disabled, colour.yellow),
    ...part('deleted', deleted, colour.red),
    ...part('skipped', skipped, colour.dim),
    ...part('failed', failed, colour.red),
    ...part('warnings', warnings, colour.yellow),
  ];
  const references = [...part('managers', managers), ...part('members', members)];
  const left = objects.length === 0 ? 'nothing to do' : objects.join('   ');
  return references.length === 0 ? left : `${left}   ·   ${references.join('   ')}`;
}

function failure({ operation, failure: why }: Outcome): string {
  const name = operation.source.userPrincipalName ?? operation.source.displayName;
  const status = why?.status === undefined ? '' : ` (HTTP ${why.status})`;
  return `  ${colour.red('✗')} ${name}   ${why?.targetCode === undefined ? why?.code : why.targetCode}: ${why?.message ?? ''}${status}`;
}

function quarantine(result: SyncResult, width: number): readonly string[] {
  const { quarantine: record } = result.job;
  if (record === undefined) return [];
  const why = record.error.message === result.error?.message ? '' : `: ${record.error.message}`;
  return [
    '',
    hanging(`${colour.red('quarantine')} ${record.reason}${why}`, width, '  '),
    `  next attempt of the schedule: ${record.nextAttempt}`,
  ];
}
