/** E-mail over SMTP. Nodemailer is loaded when there is something to send. */
import { EngineError } from '../model/engine-error.ts';
import type { News } from '../record/notification.ts';

/** Milliseconds to wait for the mail server. */
const TIMEOUT_MS = 15_000;

/** Sends `news` to `to`. @throws EngineError `job`, `notification-failed` */
export async function sendMail(
  mail: { readonly smtp: string; readonly from: string } | undefined,
  to: string,
  news: News,
): Promise<void> {
  if (mail === undefined) throw undelivered(to, 'no mail server is configured', 'set mail.smtp in the configuration');
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: mail.smtp,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  try {
    await transport.sendMail({ from: mail.from, to, subject: subjectOf(news), text: textOf(news) });
  } catch (error) {
    // The server's words, never the URL: it holds the password.
    const words = error instanceof Error ? error.message : 'the mail server refused';
    throw undelivered(to, words, 'check mail.smtp and that the server can be reached');
  } finally {
    transport.close();
  }
}

function subjectOf(news: News): string {
  return `Provisioning of ${news.job} is in quarantine: ${news.reason}`;
}

function textOf(news: News): string {
  return [
    `The provisioning job "${news.job}" went into quarantine at ${news.at}.`,
    '',
    `Reason: ${news.reason}`,
    news.message,
    '',
    `It tries again at ${news.nextAttempt}, and less and less often after that; after four weeks it is switched off.`,
    'Look: scimulate status    After mending the cause: scimulate start',
    '',
    `Job id: ${news.jobId}`,
  ].join('\n');
}

function undelivered(to: string, why: string, remedy: string): EngineError {
  return new EngineError(`the notification to ${to} could not be sent: ${why}`, {
    category: 'job',
    code: 'notification-failed',
    remedy,
  });
}
