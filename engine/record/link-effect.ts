/** What an outcome does to the link between source object and target resource. */
import type { Instant } from '../model/instant.ts';
import type { Link } from '../model/link.ts';
import type { Outcome } from '../plan/plan.ts';
import type { StateChange } from './state-change.ts';

/** The changes to the stored link; none when nothing about it changed. */
export function linkChanges(outcome: Outcome, before: Link | undefined, now: Instant): readonly StateChange[] {
  const { operation } = outcome;
  const { link: effect } = operation;
  const held = operation.held === undefined ? {} : { held: operation.held };
  if (outcome.status === 'failure') {
    // A match is remembered even when the update after it failed: the account is known from here on (cycle.md 2.12).
    return effect.kind === 'link' && effect.targetId !== undefined
      ? relinked(outcome, before, created(outcome, effect.targetId, now))
      : [];
  }
  switch (effect.kind) {
    case 'none':
      return before !== undefined && operation.held !== undefined ? [keep({ ...before, ...held })] : [];
    case 'link':
      return outcome.targetId === undefined
        ? []
        : relinked(outcome, before, { ...created(outcome, outcome.targetId, now), ...held });
    case 'unlink':
      return [{ kind: 'unlink', sourceId: operation.source.id }];
    case 'disabled': {
      // Without a link before: found again after its create's answer got lost.
      const link = before ?? (outcome.targetId === undefined ? undefined : created(outcome, outcome.targetId, now));
      return link === undefined ? [] : [keep({ ...link, ...held, disabled: true, managed: effect.managed })];
    }
    case 'unmanaged':
      return before === undefined ? [] : [keep({ ...before, ...held, managed: false })];
    case 'restored':
      return before === undefined ? [] : [keep({ ...before, ...held, disabled: false, managed: true })];
    case 'manager':
      return before === undefined ? [] : [keep(withManager(before, effect.targetId))];
  }
}

/** A link to another resource than before: the members of that one are not those of this one. */
function relinked(outcome: Outcome, before: Link | undefined, link: Link): readonly StateChange[] {
  const isOther = before !== undefined && before.targetId !== link.targetId;
  return [...(isOther ? [{ kind: 'unlink' as const, sourceId: link.sourceId }] : []), keep(link), ...takeOver(outcome)];
}

/** Whom the group before had put in leaves with it, unless the new one has them too. */
function takeOver({ operation }: Outcome): readonly StateChange[] {
  const { takesOver, source } = operation;
  if (takesOver === undefined) return [];
  const { from, unlinks, members } = takesOver;
  return [
    {
      kind: 'members',
      groupId: source.id,
      added: [...members.held],
      removed: [],
      uncertain: [...members.uncertain],
    },
    ...(unlinks ? [{ kind: 'unlink' as const, sourceId: from }] : []),
  ];
}

function withManager(link: Link, manager: Link['manager']): Link {
  const { manager: _before, ...rest } = link;
  return manager === undefined ? rest : { ...rest, manager };
}

function created(outcome: Outcome, targetId: string, now: Instant): Link {
  const { source } = outcome.operation;
  return {
    sourceId: source.id,
    type: source.type,
    targetId,
    displayName: source.userPrincipalName ?? source.displayName,
    managed: true,
    disabled: false,
    linkedAt: now,
  };
}

function keep(link: Link): StateChange {
  return { kind: 'link', link };
}
