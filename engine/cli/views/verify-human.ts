/** Where the target does not hold what it was sent: what, which request should have done it, why, and how to see it again. */
import type { Divergence, Verification } from '../../engine.ts';
import type { JsonValue } from '../../model/scim-message.ts';
import { describeRequest } from '../../scim/describe-request.ts';
import { isFalseAsText } from '../../verify/difference.ts';
import type { Cause } from '../../verify/explain-difference.ts';
import { colour } from '../colour.ts';
import type { NextCommand } from '../next-command.ts';
import { plural } from './diagnostics-human.ts';
import { cut, pad, wrap } from './text-width.ts';

const TITLE_COLUMNS = 9;
const NARROWEST = 60;
const LISTED = 20;
/** Ids named of members that are missing or extra. */
const NAMED = 3;

const CAUSES: Readonly<Record<Cause, string>> = {
  'not-carried-out': 'the target never took it',
  undone: 'a later write undid it',
  'changed-since': 'changed at the target since',
  shared: 'two objects of the directory have one account',
  unclear: 'never taken, or changed since',
};

export function verifyHuman(result: Verification, width: number, next: NextCommand): string {
  const { name, checked, total, unread, unreadTotal, durationMs } = result;
  const columns = Math.max(NARROWEST, width);
  const head = [
    colour.bold(name),
    `${plural(checked.User, 'user')} and ${plural(checked.Group, 'group')} read back`,
    total === 0 ? 'nothing diverges' : colour.red(plural(total, 'divergence')),
    ...(unreadTotal > 0 ? [colour.yellow(`${unreadTotal} could not be read`)] : []),
    `${(durationMs / 1000).toFixed(1)} s`,
  ].join(' · ');
  const shown = result.divergences.slice(0, LISTED);
  const lines = [head, ...shown.flatMap((divergence) => ['', ...divergenceLines(divergence, columns)])];
  if (total > shown.length) lines.push('', `  … and ${total - shown.length} more: ${next('verify', '--json')}`);
  for (const { link, code, message } of unread.slice(0, LISTED))
    lines.push('', cut(`  ${colour.yellow('?')} ${link.displayName}  ${code}: ${message}`, columns));
  if (unreadTotal > LISTED) lines.push(`  … and ${unreadTotal - LISTED} more`);
  const step = nextStep(result, next);
  return step === undefined ? lines.join('\n') : [...lines, '', step].join('\n');
}

function divergenceLines(divergence: Divergence, columns: number): readonly string[] {
  const { link, explanation, curl, restore } = divergence;
  const row = (title: string, text: string) => {
    const [first = '', ...more] = wrap(text, columns - TITLE_COLUMNS - 7);
    const rest = more.map((line) => `      ${pad('', TITLE_COLUMNS)} ${line}`);
    return [`      ${pad(title, TITLE_COLUMNS)} ${first}`, ...rest];
  };
  return [
    `  ${colour.red('✗')} ${colour.bold(link.displayName)} (${link.type} ${link.targetId})   ${whatDiffers(divergence)}`,
    ...row('sent', sentText(divergence)),
    ...row('cause', `${CAUSES[explanation.cause]}: ${explanation.evidence}`),
    ...(restore === undefined ? [] : [`      ${pad('first', TITLE_COLUMNS)} ${colour.dim(restore.curl)}`]),
    `      ${pad('try it', TITLE_COLUMNS)} ${colour.dim(curl)}`,
  ];
}

/** `active is true, not "False"`. */
export function whatDiffers({ difference }: Divergence): string {
  switch (difference.kind) {
    case 'gone':
      return 'is gone: the target answers 404';
    case 'value': {
      if (isFalseAsText(difference.path, difference.found))
        return `${difference.path} is the text ${shown(difference.found)}, not a boolean`;
      const found = difference.found === null ? 'is missing' : `is ${shown(difference.found)}`;
      return `${difference.path} ${found}, not ${difference.believed === null ? 'empty' : shown(difference.believed)}`;
    }
    case 'members': {
      const { ids, change, believed, found } = difference;
      const named = `${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''}`;
      const all = found === 0 && ids.length === believed ? 'all ' : '';
      return change === 'missing'
        ? `${all}${plural(ids.length, 'member')} of ${believed} missing: ${named}`
        : `${plural(ids.length, 'member')} too many: ${named}`;
    }
  }
}

/** `204 to Replace active "False", disable of 2026-01-01T00:40:00`. */
function sentText({ request, explanation: { write: set, undoneBy: write = set }, difference }: Divergence): string {
  if (write === undefined) {
    return difference.kind === 'gone' ? 'the create or match that linked it' : 'nothing that the log still knows';
  }
  const what = write.action === 'create' ? 'the create' : describeRequest(request);
  const answer = write.answered === undefined ? 'answered with success:' : `${write.answered} to`;
  return `${answer} ${what}, on ${write.at.slice(0, 19)} (${write.action}, cycle ${write.cycleId})`;
}

function shown(value: JsonValue): string {
  return cut(JSON.stringify(value), NARROWEST);
}

function nextStep({ divergences, checked, total, unreadTotal }: Verification, next: NextCommand): string | undefined {
  const [first] = divergences;
  if (checked.User + checked.Group + total + unreadTotal === 0)
    return `Nothing is linked yet; a cycle does that: ${next('sync')}`;
  if (first === undefined) return undefined;
  // Members are never read back, so that nobody brings them again.
  const never = divergences.some(
    ({ difference, explanation: { cause } }) =>
      cause === 'not-carried-out' || (cause === 'undone' && difference.kind === 'members'),
  );
  return never
    ? 'A cycle does not mend this: the engine believes it is done. What else the endpoint gets wrong: scimulate conform --url …'
    : `A cycle mends it when the object changes, or now: ${next('provision', first.link.displayName)}`;
}
