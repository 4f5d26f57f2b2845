/** Notifications by e-mail: without a mail server nobody can be written to. */
import type { Configuration } from './configuration.ts';
import { type Finding, type KeyPath, warningFinding } from './finding.ts';

/** What to say of jobs that would write to somebody, and where. */
export function checkMail({
  mail,
  jobs,
}: Configuration): readonly { readonly path: KeyPath; readonly finding: Finding }[] {
  if (mail !== undefined) return [];
  const summary = `Nobody can be written to without a mail server. Add "mail: { smtp: '\${env:SMTP_URL}' }" beside jobs.`;
  return jobs.flatMap(({ notify }, index) =>
    notify.onFailure && notify.email !== undefined
      ? [{ path: ['jobs', index, 'notify', 'email'], finding: warningFinding('no-mail-server', summary) }]
      : [],
  );
}
