/** State + outcome → what to commit: link, escrow, later references and the log record, in one transaction. */

import type { Instant } from '../model/instant.ts';
import type { Escrow } from '../model/job-state.ts';
import type { Link } from '../model/link.ts';
import type { Outcome } from '../plan/plan.ts';
import { countedAs } from './counting.ts';
import { decideEscrow, type EscrowVerdict, mayHaveHappened } from './escrow.ts';
import { linkChanges } from './link-effect.ts';
import { type LogIdentity, logEntry } from './log-entry.ts';
import type { StateChange } from './state-change.ts';

export type RecordContext = {
  readonly identity: LogIdentity;
  readonly now: Instant;
  /** Makes the ids of records and changes. */
  readonly nextId: () => string;
  /** A person asked for this object: nothing is tried again, and what waits of a group goes on waiting (cycle.md 9). */
  readonly onDemand?: boolean;
};

export type ObjectState = { readonly link: Link | undefined; readonly escrow: Escrow | undefined };

/** Everything one outcome changes. The order matters: a later change may rest on an earlier one. */
export function recordOutcome(outcome: Outcome, state: ObjectState, context: RecordContext): readonly StateChange[] {
  const escrow = context.onDemand === true ? undefined : escrowAfter(outcome, state.escrow, context.now);
  return [
    ...linkChanges(outcome, state.link, context.now),
    ...membershipChanges(outcome),
    ...escrowChanges(outcome, escrow, state.escrow, context),
    ...referenceChanges(outcome, context),
    ...(isSilent(outcome) ? [] : [logChange(outcome, escrow, context)]),
  ];
}

/** A reference that turned out equal: the object's own record has told its story already. */
function isSilent(outcome: Outcome): boolean {
  return outcome.operation.isReference && outcome.status === 'skipped';
}

function escrowAfter(outcome: Outcome, previous: Escrow | undefined, now: Instant): EscrowVerdict | undefined {
  return outcome.failure === undefined ? undefined : decideEscrow(previous, outcome.operation, outcome.failure, now);
}

function escrowChanges(
  outcome: Outcome,
  after: EscrowVerdict | undefined,
  before: Escrow | undefined,
  { onDemand }: RecordContext,
): readonly StateChange[] {
  const { references, source } = outcome.operation;
  if (after?.kind === 'kept') return [{ kind: 'escrow', escrow: after.escrow }];
  if (before === undefined) return [];
  // References still to be written decide themselves whether the object is through.
  if (references.length > 0 && before.isReference) return [];
  // A failure on demand is no attempt, and the members chosen with a group are not all that it has.
  if (onDemand === true && (outcome.failure !== undefined || source.type === 'Group')) return [];
  return [{ kind: 'escrow-cleared', sourceId: source.id }];
}

function membershipChanges(outcome: Outcome): readonly StateChange[] {
  const { memberships = [], source } = outcome.operation;
  const done = memberships.slice(0, outcome.completedRequests);
  const lost = mayHaveHappened(outcome.failure) ? memberships[outcome.completedRequests] : undefined;
  return [
    ...done.map(({ added, removed }): StateChange => ({ kind: 'members', groupId: source.id, added, removed })),
    ...(lost === undefined ? [] : [uncertainMembers(source.id, [...lost.added, ...lost.removed])]),
  ];
}

function uncertainMembers(groupId: string, uncertain: readonly string[]): StateChange {
  return { kind: 'members', groupId, added: [], removed: [], uncertain };
}

function referenceChanges(outcome: Outcome, { onDemand }: RecordContext): readonly StateChange[] {
  const { operation } = outcome;
  if (onDemand === true && operation.memberships !== undefined) return [];
  if (operation.keptReference !== undefined && outcome.status !== 'failure') {
    return [{ kind: 'reference', reference: operation.keptReference }];
  }
  if (operation.isReference) {
    const referenceKind = operation.memberships === undefined ? 'manager' : 'members';
    return [{ kind: 'reference-settled', sourceId: operation.source.id, referenceKind }];
  }
  if (outcome.status === 'failure') return [];
  const counted = countedAs(outcome);
  return operation.references.map((reference) => ({
    kind: 'reference',
    reference: { ...reference, countedAs: counted },
  }));
}

/** The log record of an outcome, as a change to commit. */
export function logChange(outcome: Outcome, escrow: EscrowVerdict | undefined, context: RecordContext): StateChange {
  return {
    kind: 'log',
    record: logEntry({
      identity: context.identity,
      outcome,
      escrow,
      now: context.now,
      id: context.nextId(),
      changeId: context.nextId(),
    }),
  };
}
