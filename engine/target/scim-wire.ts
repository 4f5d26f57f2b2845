/** SCIM requests and their answers as they stand: base URL, headers, sign-in (scim-wire.md 1.1, 1.2, 1.4). What an answer means is others' business. */
import { redact, redactData } from '../http/redact.ts';
import {
  openTransport,
  type RecordExchange,
  type Transport,
  type TransportOptions,
  type TransportResponse,
} from '../http/transport.ts';
import { EngineError } from '../model/engine-error.ts';
import type { PatchMode, ScimRequest } from '../model/scim-message.ts';
import type { Clock } from '../ports.ts';
import { CLIENT_PROFILES, type ClientProfile } from '../scim/client-profile.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import { type AuthenticationSettings, openAuthentication } from './authentication/index.ts';
import { canTryToken, type TokenTrial, tryToken } from './authentication/try-token.ts';

export type TargetSettings = TransportOptions & {
  /** As the administrator enters it, flags included. */
  readonly tenantUrl: string;
  /** Where the bytes go instead, for a local stand-in. */
  readonly override?: string;
  readonly auth: AuthenticationSettings;
  /** Whose requests these are; Entra's by default. */
  readonly client?: ClientProfile;
  /** Instead of the one of the client. */
  readonly userAgent?: string;
  /** The right that the account behind the credentials needs, named when it is refused. */
  readonly adminRight?: string;
};

/** One SCIM request and its answer, secrets redacted; sign-in and repeats are not among them. */
export type RecordedExchange = {
  readonly startedAt: string;
  readonly request: ScimRequest;
  readonly url: string;
  readonly status: number;
  readonly responseText: string;
};

export type TargetObserver = {
  readonly onExchange?: (exchange: RecordedExchange) => void;
  /** Told about every HTTP exchange, sign-in and repeats included, secrets redacted. */
  readonly record?: RecordExchange;
};

export interface ScimWire {
  readonly patchMode: PatchMode;
  readonly client: ClientProfile;
  /** Where a request goes. */
  urlOf(request: ScimRequest): string;
  /**
   * The answer, whatever its status; a good one without the secrets that it echoes.
   * @param anonymous sends no credentials, and takes 401 for an answer like any other
   * @throws EngineError `transient` without an answer, `job` when the credentials are refused
   */
  exchange(request: ScimRequest, signal: AbortSignal, anonymous?: boolean): Promise<TransportResponse>;
  /** Asks the token endpoint for a token of its own; undefined where there is none to ask. */
  askToken?(signal: AbortSignal): Promise<TokenTrial>;
  /** Text without secrets, cut to `limit` characters; by default to what people read. */
  clean(text: string, limit?: number): string;
  requestCount(): number;
  close(): Promise<void>;
}

/** A way to the target with its own connections. @throws EngineError `configuration` for an unusable URL */
export function openScimWire(settings: TargetSettings, clock: Clock, observer: TargetObserver = {}): ScimWire {
  const { onExchange, record } = observer;
  const { auth } = settings;
  const tenant = parseTenantUrl(settings.tenantUrl);
  const client = settings.client ?? CLIENT_PROFILES.entra;
  const base = withSegment(
    settings.override === undefined ? tenant.base : parseTenantUrl(settings.override).base,
    client,
  );
  const userAgent = settings.userAgent ?? client.userAgent;
  const { accept, contentType, acceptCharset } = client.headers;
  const transport: Transport = openTransport(settings, clock, {
    secrets: () => authentication.secrets(),
    ...(record === undefined ? {} : { record }),
  });
  const authentication = openAuthentication(auth, transport, clock);
  const clean = (text: string, limit?: number) => redact(text, authentication.secrets(), limit);

  /** Nearly all requests have one of two sets of headers, with a body and without: built when they are first needed. */
  let known = { authorization: '', bare: {}, withBody: {} };
  const headersFor = (request: ScimRequest, authorization: string | undefined): Readonly<Record<string, string>> => {
    if (authorization === undefined || known.authorization !== authorization) {
      const bare = {
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        Accept: accept,
        ...(acceptCharset === undefined ? {} : { 'Accept-Charset': acceptCharset }),
      };
      const agent = userAgent === undefined ? {} : { 'User-Agent': userAgent };
      known = {
        authorization: authorization ?? '',
        bare: { ...bare, ...agent },
        withBody: { ...bare, 'Content-Type': contentType, ...agent },
      };
    }
    return request.body === undefined ? known.bare : known.withBody;
  };

  const urlOf = (request: ScimRequest) => withQuery(`${base}${request.path}`, tenant.extraQuery);

  const exchange: ScimWire['exchange'] = async (request, signal, anonymous = false) => {
    const url = urlOf(request);
    for (let attempt = 1; ; attempt += 1) {
      const given = anonymous ? undefined : authentication.header(signal);
      const authorization = typeof given === 'object' ? await given : given;
      const headers = headersFor(request, authorization);
      const { method } = request;
      const sent =
        request.body === undefined
          ? { method, url, headers }
          : { method, url, headers, body: JSON.stringify(request.body) };
      const startedAt = onExchange === undefined ? '' : clock.now();
      const answer = await transport.request(sent, signal);
      onExchange?.({ startedAt, request, url, status: answer.status, responseText: clean(answer.text) });
      if (answer.status < 300) {
        const text = redactData(answer.text, authentication.secrets());
        return text === answer.text ? answer : { ...answer, text };
      }
      if (answer.status !== 401 || authorization === undefined) return answer;
      // Ruling R9: one fresh token, one more try; then the job has no access.
      if (attempt === 2 || !authentication.renew(authorization))
        throw unauthorized(request, clean(answer.text), settings.adminRight);
    }
  };

  return {
    patchMode: client.patchMode ?? tenant.patchMode,
    client,
    urlOf,
    exchange,
    clean,
    ...(canTryToken(auth) ? { askToken: (signal: AbortSignal) => tryToken(auth, { transport, clock }, signal) } : {}),
    requestCount: () => transport.requestCount(),
    close: () => transport.close(),
  };
}

function unauthorized(request: ScimRequest, response: string, adminRight: string | undefined): EngineError {
  const right = adminRight === undefined ? '' : `; it belongs to ${adminRight}`;
  return new EngineError(
    `the target answered 401 to ${request.method} ${request.path}: it does not accept the credentials`,
    {
      category: 'job',
      code: 'InvalidCredentials',
      status: 401,
      response,
      remedy: `check the secret that target.auth refers to; the word "Bearer" is added by itself${right}`,
    },
  );
}

function withQuery(url: string, extra: string): string {
  if (extra === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${extra}`;
}

/** The job type of before December 2018 wanted `/scim` in the address (scim-wire.md 1.6). */
function withSegment(base: string, { baseSegment }: ClientProfile): string {
  if (baseSegment === undefined || `${base}/`.includes(`${baseSegment}/`)) return base;
  return `${base}${baseSegment}`;
}
