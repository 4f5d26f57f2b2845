/** What a cycle did: counts, failures with their retry, and what to look at next (ux.md). */

import type { SyncResult } from '../../engine.ts';
import type { Escrow } from '../../model/job-state.ts';
import type { Outcome } from '../../plan/plan.ts';
import { colour } from '../colour.ts';
import { hints, type NextCommand } from '../next-command.ts';
import { plural } from './diagnostics-human.ts';
import { hanging } from './text-width.ts';

const LISTED_OUTCOMES = 10;

/** The first outcomes of a kind, and how many there were. */
type Listed = { readonly first: readonly Outcome[]; readonly count: () => number };

/** What a person should know of single objects after a cycle. */
export type Remarkable = {
  readonly note: (outcome: Outcome) => void;
  readonly failures: Listed;
  readonly warnings: Listed;
};

/** The failures that `syncHuman` lists. */
export function failed({ failures }: Remarkable): readonly string[] {
  return failures.first.map(({ operation }) => operation.source.id);
}

/** Collects failures and warnings; however many there are, only those that are listed are kept. */
export function remarkable(): Remarkable {
  const failures = listing();
  const warnings = listing();
  return {
    failures,
    warnings,
    note: (outcome) => {
      if (outcome.failure !== undefined) failures.add(outcome);
      else if (outcome.status === 'warning') warnings.add(outcome);
    },
  };
}

function listing(): Listed & { readonly add: (outcome: Outcome) => void } {
  const first: Outcome[] = [];
  let count = 0;
  return {
    first,
    count: () => count,
    add: (outcome) => {
      count += 1;
      if (first.length < LISTED_OUTCOMES) first.push(outcome);
    },
  };
}

/**
 * One finished cycle.
 * @param escrows of the failures that are listed
 */
export function syncHuman(
  result: SyncResult,
  { failures, warnings }: Remarkable,
  width: number,
  next: NextCommand,
  escrows: ReadonlyMap<string, Escrow> = new Map(),
): string {
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
  lines.push(
    ...listed(failures, (outcome) => failure(outcome, escrows, result.cycle.endedAt), width),
    ...listed(warnings, warning, width),
  );
  const waiting = result.escrows.objects + result.escrows.references;
  if (waiting > 0) {
    const [first] = failures.first;
    const who = first?.operation.source.userPrincipalName ?? first?.operation.source.id ?? 'REF';
    const due = result.job.quarantine === undefined ? [`Next cycle: due ${result.nextCycle.slice(0, 19)}Z`] : [];
    lines.push('', hints(width, [`${plural(waiting, 'object')} in escrow.`, `Why: ${next('why', who)}`, ...due]));
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

function listed({ first, count }: Listed, text: (outcome: Outcome) => string, width: number): readonly string[] {
  const more = count() - first.length;
  const lines = first.map((outcome) => hanging(text(outcome), width, '    '));
  return more > 0 ? [...lines, `  … and ${more.toLocaleString('en-US')} more`] : lines;
}

function warning({ operation: { source, reason } }: Outcome): string {
  const name = source.userPrincipalName ?? source.displayName;
  return `  ${colour.yellow('!')} ${name}   ${reason.code}: ${reason.message}`;
}

function failure(
  { operation: { source }, failure: why }: Outcome,
  escrows: ReadonlyMap<string, Escrow>,
  now = '',
): string {
  const name = source.userPrincipalName ?? source.displayName;
  const retry = escrows.get(source.id)?.nextAttempt;
  const facts = [
    ...(why?.status === undefined ? [] : [`HTTP ${why.status}`]),
    ...(retry === undefined ? [] : [retry <= now ? 'retry with the next cycle' : `retry from ${retry.slice(0, 16)}Z`]),
  ];
  const aside = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `  ${colour.red('✗')} ${name}   ${why?.targetCode === undefined ? why?.code : why.targetCode}: ${why?.message ?? ''}${aside}`;
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
