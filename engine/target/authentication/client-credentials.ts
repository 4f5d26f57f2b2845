/** OAuth 2.0 client credentials: field order as Microsoft's own client, token kept until a minute before it expires (scim-wire.md 1.1). */
import type { Transport } from '../../http/transport.ts';
import { EngineError } from '../../model/engine-error.ts';
import type { Clock } from '../../ports.ts';
import type { Authentication, AuthenticationSettings } from './authentication.ts';

type Settings = Extract<AuthenticationSettings, { type: 'oauth2-client-credentials' }>;
type Token = { readonly value: string; readonly expiresAt: number };

/** A token with less life than this is fetched anew. */
const MARGIN_MS = 60_000;
const DEFAULT_LIFE_SECONDS = 3600;

export function clientCredentials(settings: Settings, transport: Transport, clock: Clock): Authentication {
  let token: Token | undefined;
  let fetching: Promise<Token> | undefined;

  const fetchToken = async (signal: AbortSignal): Promise<Token> => {
    const fields = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      ...(settings.scope === undefined ? {} : { scope: settings.scope }),
    });
    const answer = await transport.request(
      {
        method: 'POST',
        url: settings.tokenUrl,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
        body: fields.toString(),
      },
      signal,
    );
    return readToken(answer.status, answer.text, settings.tokenUrl, Date.parse(clock.now()));
  };

  return {
    header: async (signal) => {
      if (token === undefined || token.expiresAt - Date.parse(clock.now()) < MARGIN_MS) {
        fetching ??= fetchToken(signal).finally(() => {
          fetching = undefined;
        });
        token = await fetching;
      }
      return `Bearer ${token.value}`;
    },
    renew: () => {
      token = undefined;
      return true;
    },
    secrets: () => [settings.clientSecret, ...(token === undefined ? [] : [token.value])],
  };
}

function readToken(status: number, text: string, tokenUrl: string, now: number): Token {
  const body = parse(text);
  const value = body.access_token;
  if (status >= 200 && status < 300 && typeof value === 'string' && value !== '') {
    const life = Number(body.expires_in ?? DEFAULT_LIFE_SECONDS);
    return { value, expiresAt: now + (Number.isFinite(life) ? life : DEFAULT_LIFE_SECONDS) * 1000 };
  }
  const why = typeof body.error === 'string' ? `${body.error}` : `status ${status}`;
  throw new EngineError(`the token endpoint ${tokenUrl} gave no access token: ${why}`, {
    category: 'job',
    code: 'InvalidCredentials',
    status,
    remedy: 'check clientId, clientSecret, scope and tokenUrl under target.auth',
  });
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
