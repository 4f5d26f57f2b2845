/** The same news as JSON, by POST to a URL. */
import { openTransport } from '../http/transport.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Clock } from '../ports.ts';
import type { News } from '../record/notification.ts';

const TIMEOUT_MS = 15_000;
const LONGEST_ANSWER = 64 * 1024;

/** Posts `news` to `url`. @throws EngineError `job`, `notification-failed`, unless the answer is 2xx */
export async function postWebhook(url: string, news: News, clock: Clock): Promise<void> {
  if (!URL.canParse(url)) throw undelivered('the configured address', 'it is not a URL');
  const { host } = new URL(url);
  const transport = openTransport(
    {
      concurrency: 1,
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: LONGEST_ANSWER,
      adapter: 'http',
      allowInsecureHttp: false,
    },
    clock,
  );
  const { email: _email, webhook: _webhook, ...body } = news;
  try {
    const answer = await transport.request(
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ formatVersion: 1, event: 'quarantine', ...body }),
      },
      new AbortController().signal,
    );
    if (answer.status >= 300) throw undelivered(host, `it answered ${answer.status}`);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === 'notification-failed') throw error;
    throw undelivered(host, error.message);
  } finally {
    await transport.close();
  }
}

/** @param at never the whole URL: hooks carry their secret in the path */
function undelivered(at: string, why: string): EngineError {
  return new EngineError(`the webhook at ${at} was not told: ${why}`, {
    category: 'job',
    code: 'notification-failed',
    remedy: 'check notify.webhook and that it can be reached',
  });
}
