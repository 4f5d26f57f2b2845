/** The accounts of a target beside the directory: totals first, then the people somebody has to look at. */
import type { Accounts } from '../../engine.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';

/** How many names are listed under a heading. */
const LISTED = 20;

export function accountsHuman({ job, read, pages, matched, unmatched, lockedOut, named }: Accounts): string {
  const head = `${colour.bold(job)} · ${plural(read, 'account')} in ${plural(pages, 'page')} · nothing is changed`;
  const byMail = matched.filter(({ by }) => by === 'mail');
  const totals = `  matched ${matched.length}   nobody's ${unmatched.length}   locked out with single sign-on ${lockedOut.length}`;
  return [
    head,
    totals,
    ...section(
      'proposed by e-mail',
      byMail.map(({ account, user }) => `${account.name} = ${user}`),
    ),
    ...section(
      "nobody's in the directory",
      unmatched.map(({ name }) => name),
    ),
    ...section(
      'active, and not assigned to the application',
      lockedOut.map(({ name }) => name),
    ),
    ...section(
      'named otherwise than their address',
      named.map(({ account, mail }) => `${account.name}, mail ${mail}`),
    ),
  ].join('\n');
}

function section(title: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? [`      … and ${names.length - LISTED} more (--json lists all)`] : [];
  return ['', `  ${title}`, ...names.slice(0, LISTED).map((name) => `      ${name}`), ...more];
}
