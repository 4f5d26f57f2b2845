/** Tells people about a quarantine: by e-mail and by webhook, as the job says (cycle.md 6.13). */
import type { Clock, Notifier } from '../ports.ts';
import { sendMail } from './send-mail.ts';
import { postWebhook } from './webhook.ts';

export type NotifierSettings = {
  readonly mail?: { readonly smtp: string; readonly from: string };
};

/** A notifier with the configured ways out. What cannot be delivered is reported, not retried: the log has it too. */
export function openNotifier(settings: NotifierSettings, clock: Clock): Notifier {
  return {
    notify: async (news) => {
      const ways = [
        ...(news.email === undefined ? [] : [sendMail(settings.mail, news.email, news)]),
        ...(news.webhook === undefined ? [] : [postWebhook(news.webhook, news, clock)]),
      ];
      const results = await Promise.allSettled(ways);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
