/** Ways to sign in at a target: what goes into the Authorization header, and what to do when it is refused. */
import type { Transport } from '../../http/transport.ts';
import type { AuthenticationSettings } from '../../model/authentication.ts';
import type { Clock } from '../../ports.ts';
import type { Authentication } from './authentication.ts';
import { authorizationCode } from './authorization-code.ts';
import { clientAssertion } from './client-assertion.ts';
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
        header: () => `Bearer ${settings.token}`,
        renew: () => false,
        secrets: () => [settings.token],
      };
    case 'oauth2-client-credentials':
      return clientCredentials({ settings, transport, clock });
    case 'oauth2-authorization-code':
      return authorizationCode({ settings, transport, clock });
    case 'client-assertion':
      return clientAssertion({ settings, transport, clock });
  }
}

export type { AuthenticationSettings } from '../../model/authentication.ts';
export type { Authentication } from './authentication.ts';
