/** OAuth 2.0 client credentials, field order as Microsoft's own client (scim-wire.md 1.1). */
import type { Authentication, SignIn } from './authentication.ts';
import { type Grant, requestToken, sharedToken } from './oauth2.ts';

export function clientCredentials({ settings, transport, clock }: SignIn<'oauth2-client-credentials'>): Authentication {
  const endpoint = {
    url: settings.tokenUrl,
    transport,
    clock,
    remedy: 'check clientId, clientSecret, scope and tokenUrl under target.auth',
  };
  return sharedToken(
    clock,
    async (signal) => {
      const { accessToken: value, renewAt } = await requestToken(endpoint, secretGrant(settings), signal);
      return { value, renewAt };
    },
    () => [settings.clientSecret],
  );
}

/** What is sent for a token. */
export function secretGrant(settings: SignIn<'oauth2-client-credentials'>['settings']): Grant {
  return {
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    scope: settings.scope,
  };
}
