/** The webhook of a job: an address that news cannot be posted to is a finding before there is news. */
import { isLoopback, linkLocalReason } from '../model/host-address.ts';
import { errorFinding, type Finding } from './finding.ts';

/** What is wrong with it, undefined when nothing is. It is not repeated: its path is often a secret. */
export function checkWebhook(text: string): Finding | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const summary =
      'This is no URL that news can be posted to. Write it with scheme, e.g. https://chat.contoso.com/hooks/42.';
    return errorFinding('bad-webhook', summary);
  }
  const reason = linkLocalReason(url.hostname);
  if (reason !== undefined) {
    return errorFinding('bad-webhook', `${url.hostname} ${reason}; nothing is sent there. Correct the host name.`);
  }
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return undefined;
  const summary = `Plain http to ${url.hostname} would show the address to everybody on the way. Use https.`;
  return errorFinding('bad-webhook', summary);
}
