/** Meta Work Accounts with Okta as the client (gallery.md 5). */
import type { ApplicationProfile } from './application-profile.ts';
import { workAccounts } from './work-accounts.ts';

export const oktaWorkAccounts: ApplicationProfile = {
  ...workAccounts,
  name: 'okta-work-accounts',
  title: 'Okta to Meta Work Accounts',
  template: 'OktaWorkAccounts',
  client: 'okta-oin',
  trigger: 'change',
  needsUserAgent: false,
  scopes: ['assigned'],
  adminRight: 'an IT Setup Manager or Business Manager admin',
};
