/** What the OAuth 2.0 ways to sign in share: the request to the token endpoint, and one token for all requests until it is old (scim-wire.md 1.1). */
import { redact } from '../../http/redact.ts';
import type { Transport, TransportResponse } from '../../http/transport.ts';
import { EngineError } from '../../model/engine-error.ts';
import type { Clock } from '../../ports.ts';
import type { Authentication } from './authentication.ts';

export type AccessToken = {
  readonly value: string;
  /** Milliseconds since the epoch: from then on another one is fetched. */
  readonly renewAt: number;
};

export type TokenAnswer = {
  readonly accessToken: string;
  readonly expiresAt: number;
  readonly renewAt: number;
  /** A new refresh token, when the endpoint rotates them. */
  readonly refreshToken?: string;
};

export type TokenEndpoint = {
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  /** What to look at when it gives no token. */
  readonly remedy: string;
};

/** A token with less life than this is not used any more; one that lives shortly is used for half of its life. */
const MARGIN_MS = 60_000;
const DEFAULT_LIFE_SECONDS = 3600;
const SECRET_FIELDS = ['client_secret', 'refresh_token', 'client_assertion'];

/**
 * One token shared by all requests; whoever comes while it is fetched waits for the same answer.
 * @param fetchToken is told the token that was refused, if that is why it is asked
 * @param secrets what else must not appear anywhere
 */
export function sharedToken(
  clock: Clock,
  fetchToken: (signal: AbortSignal, refused: string | undefined) => Promise<AccessToken>,
  secrets: () => readonly string[],
): Authentication {
  // Old ones stay secret: an answer on its way may still echo one.
  const seen = new Set<string>();
  let token: AccessToken | undefined;
  let refused: string | undefined;
  let fetching: Promise<AccessToken> | undefined;

  const fetchOnce = (signal: AbortSignal) => {
    fetching ??= fetchToken(signal, refused).finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return {
    header: async (signal) => {
      if (token === undefined || token.renewAt <= Date.parse(clock.now())) {
        token = await fetchOnce(signal);
        seen.add(token.value);
      }
      return headerOf(token.value);
    },
    renew: (header) => {
      if (token !== undefined && headerOf(token.value) === header) {
        refused = token.value;
        token = undefined;
      }
      return true;
    },
    secrets: () => [...secrets(), ...seen],
  };
}

/** Fields of a request for a token, in the order sent; those without a value are left out. */
export type Grant = Readonly<Record<string, string | undefined>>;

/** The body of a request for a token. */
export function formOf(grant: Grant): string {
  const given = Object.entries(grant).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(given).toString();
}

/** The answer of the endpoint, whatever it is. @throws EngineError without an answer */
export function sendGrant(
  { url, transport }: Pick<TokenEndpoint, 'url' | 'transport'>,
  grant: Grant,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  return transport.request({ method: 'POST', url, headers, body: formOf(grant), confidential: true }, signal);
}

/**
 * A token from the endpoint.
 * @throws EngineError `job`: `InvalidCredentials` when it refuses, the transport's code when it cannot be reached
 */
export async function requestToken(endpoint: TokenEndpoint, fields: Grant, signal: AbortSignal): Promise<TokenAnswer> {
  const answer = await sendGrant(endpoint, fields, signal).catch((error: unknown) => {
    throw error instanceof EngineError ? unreachable(error) : error;
  });
  // An endpoint may echo what it was sent.
  const sent = SECRET_FIELDS.map((name) => fields[name]).filter((value) => value !== undefined);
  return readToken(answer, endpoint, (text) => redact(text, sent, 100));
}

function headerOf(token: string): string {
  return `Bearer ${token}`;
}

function readToken(answer: TransportResponse, endpoint: TokenEndpoint, clean: (text: string) => string): TokenAnswer {
  const body = parse(answer.text);
  const { access_token: value, token_type: type, refresh_token: refreshToken } = body;
  if (answer.status < 200 || answer.status >= 300) {
    const why = typeof body.error === 'string' ? clean(body.error) : `status ${answer.status}`;
    throw refusal(endpoint, `gave no access token: ${why}`, answer.status);
  }
  if (typeof value !== 'string' || value === '') throw refusal(endpoint, 'answered without an access_token');
  // Anything else would break the header, or add another one to it.
  if (!/^[\x21-\x7e]+$/.test(value)) throw refusal(endpoint, 'gave an access token that no header can carry');
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') {
    throw refusal(endpoint, `gave a token of type "${clean(type)}", not Bearer`);
  }
  const asked = Number(body.expires_in ?? DEFAULT_LIFE_SECONDS);
  const lifeMs = (Number.isFinite(asked) && asked > 0 ? asked : DEFAULT_LIFE_SECONDS) * 1000;
  const expiresAt = Date.parse(endpoint.clock.now()) + lifeMs;
  return {
    accessToken: value,
    expiresAt,
    renewAt: renewalOf(expiresAt, lifeMs),
    ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}),
  };
}

/** When a token that expires at `expiresAt` is fetched anew. */
export function renewalOf(expiresAt: number, lifeMs: number = Number.POSITIVE_INFINITY): number {
  return expiresAt - Math.min(MARGIN_MS, lifeMs / 2);
}

function refusal(endpoint: TokenEndpoint, what: string, status?: number): EngineError {
  return new EngineError(`the token endpoint ${endpoint.url} ${what}`, {
    category: 'job',
    code: 'InvalidCredentials',
    remedy: endpoint.remedy,
    ...(status === undefined ? {} : { status }),
  });
}

/** Without a token nothing of the job can go on: what would fail one object fails the job here. */
function unreachable(error: EngineError): EngineError {
  if (error.category === 'configuration') return error;
  const isRedirect = error.status !== undefined;
  return new EngineError(
    `no access token: ${error.message.replace('the target redirects', 'the token endpoint redirects')}`,
    {
      category: 'job',
      code: error.code,
      remedy: isRedirect
        ? 'credentials are not sent on; enter the final address as target.auth.tokenUrl if you trust it'
        : 'see whether the token endpoint (target.auth.tokenUrl) is up',
      cause: error,
    },
  );
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
