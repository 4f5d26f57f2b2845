/** One request and what came of it, as the transport saw it. */
import type { Instant } from '../model/instant.ts';
import { maskConfidential, redact } from './redact.ts';

export type TransportRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Its bodies hold credentials, as those of a token endpoint do: a recording names their fields and masks the values. */
  readonly confidential?: true;
};

export type TransportResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

export type Exchange = {
  readonly startedAt: Instant;
  readonly durationMs: number;
  readonly request: TransportRequest;
  /** Undefined when there was no answer. */
  readonly response?: TransportResponse;
  /** Why there was none. */
  readonly failure?: string;
};

/** Told about each exchange, without secrets. */
export type RecordExchange = (exchange: Exchange) => void;

/** Bodies are recorded up to this length. */
const LONGEST_BODY = 1_048_576;
const SECRET_HEADERS = /^(proxy-)?authorization$|^(set-)?cookie$|api-key|token|secret/i;

/** `exchange` without `secrets` and without anything that looks like a credential. */
export function redactExchange(exchange: Exchange, secrets: readonly string[]): Exchange {
  const { request, response, failure } = exchange;
  const clean = (text: string) => redact(text, secrets, LONGEST_BODY);
  const cleanBody = (text: string) => clean(request.confidential === true ? maskConfidential(text) : text);
  return {
    ...exchange,
    request: {
      ...request,
      url: clean(request.url),
      headers: redactHeaders(request.headers, clean),
      ...(request.body === undefined ? {} : { body: cleanBody(request.body) }),
    },
    ...(response === undefined
      ? {}
      : {
          response: {
            status: response.status,
            headers: redactHeaders(response.headers, clean),
            text: cleanBody(response.text),
          },
        }),
    ...(failure === undefined ? {} : { failure: clean(failure) }),
  };
}

function redactHeaders(
  headers: Readonly<Record<string, string>>,
  clean: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.test(name) ? maskHeader(value) : clean(value),
    ]),
  );
}

/** The scheme stays: whether it was Bearer at all is worth knowing. */
function maskHeader(value: string): string {
  return /^(bearer|basic)\s/i.test(value) ? `${value.split(/\s/)[0]} ***` : '***';
}
