/**
 * OAuth 2.0 authorization code, the half that runs without a browser: the refresh token of the administrator's consent is
 * exchanged for access tokens (RFC 6749 section 6). What the target gives is kept in `tokenFile`, so that the next process goes
 * on from there when refresh tokens rotate.
 */
import { EngineError } from '../../model/engine-error.ts';
import type { Authentication, SignIn } from './authentication.ts';
import { type AccessToken, renewalOf, requestToken, sharedToken } from './oauth2.ts';
import { openTokenFile } from './token-file.ts';

export function authorizationCode({ settings, transport, clock }: SignIn<'oauth2-authorization-code'>): Authentication {
  const { tokenUrl, clientId, clientSecret, refreshToken: consented } = settings;
  const file = openTokenFile(settings.tokenFile, `${tokenUrl} ${clientId} ${consented}`);
  const endpoint = {
    url: tokenUrl,
    transport,
    clock,
    remedy: 'consent again at the application and set its new refresh token as target.auth.refreshToken',
  };
  const seen = new Set<string>();

  const refresh = async (refreshToken: string, signal: AbortSignal): Promise<AccessToken> => {
    seen.add(refreshToken);
    // A rotated token that cannot be kept would lock the next process out: better not to ask for it.
    file.assertWritable();
    const answer = await requestToken(
      endpoint,
      {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        client_secret: clientSecret,
        scope: settings.scope,
      },
      signal,
    );
    const next = answer.refreshToken ?? refreshToken;
    seen.add(next);
    file.write({ refreshToken: next, accessToken: answer.accessToken, expiresAt: answer.expiresAt });
    return { value: answer.accessToken, renewAt: answer.renewAt };
  };

  return sharedToken(
    clock,
    async (signal, refused) => {
      const kept = file.read();
      if (kept !== undefined && kept.accessToken !== refused) {
        const renewAt = renewalOf(kept.expiresAt);
        if (renewAt > Date.parse(clock.now())) return { value: kept.accessToken, renewAt };
      }
      const used = kept?.refreshToken ?? consented;
      return refresh(used, signal).catch((error: unknown) => {
        // Another process may have used this refresh token a moment ago; its file has the next one.
        const newer = error instanceof EngineError && error.code === 'InvalidCredentials' ? file.read() : undefined;
        if (newer === undefined || newer.refreshToken === used) throw error;
        return refresh(newer.refreshToken, signal);
      });
    },
    () => [clientSecret, consented, ...seen],
  );
}
