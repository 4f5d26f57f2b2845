/** One object on one page (ux.md): scope, link, last try, cause, retry, next cycle, what to do. */

import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import type { WhyResult } from '../../operate/why-object.ts';
import { colour } from '../colour.ts';
import type { NextCommand } from '../next-command.ts';
import { pad, wrap } from './text-width.ts';

const TITLE_COLUMNS = 9;

export function whyHuman(why: WhyResult, width: number, next: NextCommand): string {
  const row = (title: string, text: string) => {
    const [first = '', ...more] = wrap(text, Math.max(50, width - TITLE_COLUMNS - 3));
    return [`  ${pad(title, TITLE_COLUMNS)} ${first}`, ...more.map((line) => `  ${pad('', TITLE_COLUMNS)} ${line}`)];
  };
  const { object, link, escrow, cause } = why;
  const lines = [
    `${colour.bold(why.name)} (${object.type} ${object.id}) · job ${why.job}`,
    ...row('scope', scopeText(why)),
  ];
  const none = why.gone ? 'the account is gone, or was given up' : 'never created or found at the target';
  lines.push(...row('link', link === undefined ? `none: ${none}` : linkText(link)));
  for (const attempt of why.attempts)
    lines.push(...row(attempt === why.attempts.at(-1) ? 'last try' : 'earlier', attemptText(attempt)));
  if (why.attempts.length === 0) lines.push(...row('last try', 'none'));
  if (cause !== undefined) lines.push(...row('cause', causeText(cause)));
  if (escrow !== undefined) {
    const text = `${escrow.retryCount} done, next with the first cycle from ${seconds(escrow.nextAttempt)} on, then from ${seconds(escrow.attemptAfterNext)}; gives up ${escrow.givesUpAt.slice(0, 10)}`;
    lines.push(...row('retry', text));
  }
  if (why.held) lines.push(...row('held', `its deprovision waits: ${heldText(why)}`));
  if (why.uncertain) {
    const text = `the directory has errors about it: cycles leave it as it is until they are mended. See: ${next('validate')}`;
    lines.push(...row('error', text));
  }
  lines.push(...row('next', nextText(why)));
  const fix = fixText(why, next);
  if (fix !== undefined) lines.push(...row('fix', fix));
  return lines.join('\n');
}

function scopeText({ gone, scope }: WhyResult): string {
  if (gone) return 'out: gone from the directory';
  if (scope === undefined) return 'out: the job has no mapping for this type of object';
  if (scope.inScope) return `in: ${scope.reason.message}`;
  return `out: ${scope.reasons.join('; ')} (${scope.reason.code})`;
}

function linkText(link: NonNullable<WhyResult['link']>): string {
  const state = link.disabled ? ', disabled there' : '';
  const managed = link.managed ? '' : ', no longer managed: a purge will not delete it';
  return `${link.targetId} since ${link.linkedAt.slice(0, 19)}${state}${managed}`;
}

function heldText(why: WhyResult): string {
  if (isAwaited(why)) return 'somebody who failed has the same matching value, and is to find the account';
  return 'too many in one cycle (accidental-deletion prevention)';
}

/** Whether it is held for somebody else, and not for a person's decision. */
function isAwaited({ attempts }: WhyResult): boolean {
  return attempts.at(-1)?.provisioningSteps.at(-1)?.details.SkipReason === 'DuplicateSourceEntries';
}

function attemptText(record: ProvisioningLogRecord): string {
  const { status, errorInformation } = record.provisioningStatusInfo;
  const when = record.activityDateTime.slice(0, 19);
  const last = record.provisioningSteps.at(-1);
  const what = `${record.provisioningAction} ${status}`;
  if (errorInformation !== null)
    return `${when}  ${what}  ${errorInformation.errorCode}: ${said(errorInformation.reason)}`;
  return `${when}  ${what}  ${last?.details.SkipReason === undefined ? '' : `${last.details.SkipReason}: `}${last?.description ?? ''}`;
}

/** What the target said, out of the lines of a log record; the raw answer and the retry sentence have lines of their own. */
function said(reason: string): string {
  const line = (title: string) => new RegExp(`^${title}: (.*)$`, 'm').exec(reason)?.[1];
  const status = line('StatusCode');
  return `${line('Message') ?? reason.replaceAll('\n', '  ')}${status === undefined ? '' : ` (${status})`}`;
}

function seconds(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}

function causeText({ target, attributes }: NonNullable<WhyResult['cause']>): string {
  const sources = attributes.map((name) => `[${name}]`).join(', ');
  return `target attribute ${target} is fed by ${sources}, which ${attributes.length === 1 ? 'is' : 'are'} empty`;
}

function nextText({ next, nextUnknown, object, scope }: WhyResult): string {
  if (nextUnknown !== undefined) return `unknown: ${nextUnknown}`;
  const [operation] = next.filter(({ isReference }) => !isReference);
  if (operation === undefined)
    return next.length > 0 ? (next[0]?.reason.message ?? '') : 'nothing: it has not changed, and no retry is due';
  if (operation.action === 'none') return `skip: ${operation.reason.message}`;
  const wanted = object.type === 'Group' || scope?.inScope === true ? '' : ' (out of scope)';
  return `${operation.action}${wanted}: ${operation.reason.message}`;
}

function fixText(result: WhyResult, next: NextCommand): string | undefined {
  const { cause, escrow, object, held, attempts } = result;
  if (held && isAwaited(result)) return 'mend what the one named above fails with, or take them out of scope';
  if (held)
    return `allow it: ${next('restart', '--reset', 'ForceDeletes', '--yes')}; or undo the cause at the source and: ${next('restart')}`;
  if (cause !== undefined) {
    const [attribute = ''] = cause.attributes;
    return `give the ${object.type.toLowerCase()} a value for ${attribute}, map Coalesce([${attribute}],[userPrincipalName]), or unassign it`;
  }
  if (escrow?.errorCode === 'InvalidAnchor')
    return `forget the links and match anew: ${next('restart', '--reset', 'Full', '--yes')}`;
  if (escrow?.errorCode === 'DuplicateTargetEntries')
    return 'remove the duplicate at the target, or match on a unique attribute';
  if (unresolved(attempts))
    return `who is missing is not provisioned: provision them, then change this object or run: ${next('restart')}`;
  if (isGivenUp(result)) return `its retries are over or were reset; once more: ${next('provision', result.name)}`;
  return undefined;
}

/** Whether it failed, and nothing will try again by itself. */
function isGivenUp({ attempts, escrow, next, scope }: WhyResult): boolean {
  const failed = attempts.at(-1)?.provisioningStatusInfo.status === 'failure';
  return failed && escrow === undefined && next.length === 0 && scope?.inScope === true;
}

/** Whether a manager or member was left out in the last attempt. */
function unresolved(attempts: WhyResult['attempts']): boolean {
  const steps = attempts.at(-1)?.provisioningSteps ?? [];
  return steps.some(({ details }) => details.ErrorCode === 'UnableToResolveReferenceAttributeValue');
}
