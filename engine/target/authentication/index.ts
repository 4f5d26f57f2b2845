/** Ways to sign in at a target: what goes into the Authorization header, and what to do when it is refused. */
import type { Transport } from '../../http/transport.ts';
import type { Clock } from '../../ports.ts';
import { clientCredentials } from './client-credentials.ts';

export type AuthenticationSettings =
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'oauth2-client-credentials';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
    };

export interface Authentication {
  /** Value of the Authorization header. @throws EngineError `job` when no token can be had */
  header(signal: AbortSignal): Promise<string>;
  /** Forgets a token that was refused; true when asking again may bring another one. */
  renew(): boolean;
  /** Texts that must not appear in any output. */
  secrets(): readonly string[];
}

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
