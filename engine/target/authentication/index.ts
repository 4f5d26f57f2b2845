/** Ways to sign in at a target: what goes into the Authorization header, and what to do when it is refused. */
import type { Transport } from '../../http/transport.ts';
import type { Clock } from '../../ports.ts';
import type { Authentication, AuthenticationSettings } from './authentication.ts';
import { clientCredentials } from './client-credentials.ts';

/** The authentication of `settings`. */
export function openAuthentication(
  settings: AuthenticationSettings,
  transport: Transport,
  clock: Clock,
): Authentication {
  switch (settings.type) {
    case 'bearer':
      return {
        header: async () => `Bearer ${settings.token}`,
        renew: () => false,
        secrets: () => [settings.token],
      };
    case 'oauth2-client-credentials':
      return clientCredentials(settings, transport, clock);
  }
}

export type { Authentication, AuthenticationSettings } from './authentication.ts';
