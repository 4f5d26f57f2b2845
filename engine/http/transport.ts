/**
 * The one way out: axios at its face, with timeouts, aborts, bounded answers, the retry loop and the redirect rule.
 * A redirect is followed once, for GET, within the same origin; a token never travels to another one.
 */
import { performance } from 'node:perf_hooks';
import { isBusy, letOthersRun } from '../host/let-others-run.ts';
import { EngineError } from '../model/engine-error.ts';
import { isLoopback } from '../model/host-address.ts';
import type { Clock } from '../ports.ts';
import {
  type Exchange,
  type RecordExchange,
  redactExchange,
  type TransportRequest,
  type TransportResponse,
} from './exchange.ts';
import { refusal } from './guarded-lookup.ts';
import { type ClientOptions, openClient } from './http-client.ts';
import { Limiter, type Limits } from './limiter.ts';
import { networkError } from './network-error.ts';
import { redact } from './redact.ts';
import { retryDelay, type ThrottleMode } from './retry-policy.ts';

export type TransportOptions = Limits &
  ClientOptions & {
    /** Plain http to hosts other than loopback. */
    readonly allowInsecureHttp: boolean;
    /** Whether Retry-After is waited for; `honour` by default. */
    readonly throttleMode?: ThrottleMode;
  };

export type TransportObserver = {
  readonly record?: RecordExchange;
  /** Texts that leave neither in a record nor in an error. */
  readonly secrets?: () => readonly string[];
};

export interface Transport {
  /** The final answer, whatever its status. @throws EngineError `transient` without an answer, `job` for a refused redirect */
  request(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Requests sent, repeats included. */
  requestCount(): number;
  close(): Promise<void>;
}

/** How long an interrupted process waits for the answer to a write in flight. */
const WRITE_GRACE_MS = 10_000;

/** Turns of the event loop in which a burst of answers may go on. */
const MOST_TURNS = 4;

/** A transport with its own connections. */
export function openTransport(options: TransportOptions, clock: Clock, observer: TransportObserver = {}): Transport {
  const limiter = new Limiter(options, clock);
  const client = openClient(options);
  const secrets = observer.secrets ?? (() => []);
  const closed = new AbortController();
  const lateOf = graceful(closed.signal);
  const assertAllowed = allowing(options);
  let count = 0;

  /** Takes down what comes of `request`, which begins now; undefined when nobody wants to know. */
  const recorder = (
    request: TransportRequest,
  ): ((outcome: Pick<Exchange, 'response' | 'failure'>) => void) | undefined => {
    const { record } = observer;
    if (record === undefined) return undefined;
    const startedAt = clock.now();
    const began = performance.now();
    return (outcome) =>
      record(redactExchange({ startedAt, durationMs: performance.now() - began, request, ...outcome }, secrets()));
  };

  /** The answer, or why there is none. @throws what concerns more than this request */
  const exchange = async (request: TransportRequest, signal: AbortSignal): Promise<TransportResponse | EngineError> => {
    count += 1;
    const record = recorder(request);
    try {
      const response = await client.send(request, request.method === 'GET' ? signal : lateOf(signal));
      record?.({ response });
      return response;
    } catch (error) {
      const failure = networkError(error, request.url);
      record?.({ failure: signal.aborted ? 'stopped before the answer' : failure.message });
      signal.throwIfAborted();
      if (failure.category !== 'transient') throw failure;
      return failure;
    }
  };

  /** How long to wait before the next attempt, undefined when there is none; a pause begins before anybody else may start. */
  const waitAfter = (request: TransportRequest, attempt: number, answer: TransportResponse | EngineError) => {
    const failed = answer instanceof EngineError;
    if (!failed && answer.status < 400) return undefined;
    const wait = retryDelay({
      method: request.method,
      attempt,
      now: Date.parse(clock.now()),
      throttleMode: options.throttleMode ?? 'honour',
      ...(failed ? {} : { status: answer.status }),
      ...(failed || answer.headers['retry-after'] === undefined ? {} : { retryAfter: answer.headers['retry-after'] }),
    });
    if (wait?.pauses === 'job') limiter.pause(wait.milliseconds);
    return wait;
  };

  /**
   * Answers come in bursts: before one is worked on, the requests that follow the others go out, or the target would wait for all
   * of that work.
   */
  const othersSent = (): Promise<void> => (isBusy() ? letOthersRun() : untilNothingGoesOut());
  const untilNothingGoesOut = async (): Promise<void> => {
    for (let turns = MOST_TURNS; turns > 0; turns -= 1) {
      const before = count;
      await letOthersRun();
      if (count === before) return;
    }
  };

  const send = async (
    request: TransportRequest,
    signal: AbortSignal,
    isRedirected = false,
  ): Promise<TransportResponse> => {
    assertAllowed(request.url);
    for (let attempt = 1; ; attempt += 1) {
      const turn = limiter.enter(signal);
      if (turn !== undefined) await turn;
      let answer: TransportResponse | EngineError;
      let wait: ReturnType<typeof waitAfter>;
      try {
        answer = await exchange(request, signal);
        wait = waitAfter(request, attempt, answer);
      } finally {
        limiter.leave();
      }
      await othersSent();
      if (wait?.pauses === 'request') await clock.wait(wait.milliseconds, signal);
      if (wait !== undefined) continue;
      if (answer instanceof EngineError) throw answer;
      if (isRedirected || !isRedirect(answer)) return answer;
      return send({ ...request, url: redirectOf(request, answer) }, signal, true);
    }
  };

  return {
    requestCount: () => count,
    close: () => {
      closed.abort(); // lets go of signals that live longer than this transport
      return client.close();
    },
    request: (request, signal) =>
      send(request, signal).catch((error: unknown) => {
        throw error instanceof EngineError ? withoutSecrets(error, secrets()) : error;
      }),
  };
}

/** Signals that abort a while after the given ones: a write on its way may still get its answer, so that it is not forgotten. */
function graceful(closed: AbortSignal): (signal: AbortSignal) => AbortSignal {
  const known = new WeakMap<AbortSignal, AbortSignal>();
  return (signal) => {
    const late = known.get(signal);
    if (late !== undefined) return late;
    const controller = new AbortController();
    const start = () => setTimeout(() => controller.abort(signal.reason), WRITE_GRACE_MS).unref();
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true, signal: closed });
    known.set(signal, controller.signal);
    return controller.signal;
  };
}

/** A target may put anything into what an error quotes: a Location, a reason of the TLS layer. */
function withoutSecrets(error: EngineError, secrets: readonly string[]): EngineError {
  const message = redact(error.message, secrets);
  if (message === error.message) return error;
  const { category, code, remedy, status } = error;
  return new EngineError(message, {
    category,
    code,
    ...(remedy === undefined ? {} : { remedy }),
    ...(status === undefined ? {} : { status }),
  });
}

/** 304 says that nothing changed, and leads nowhere. */
function isRedirect({ status }: TransportResponse): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function redirectOf(request: TransportRequest, answer: TransportResponse): string {
  const { location } = answer.headers;
  const here = new URL(request.url);
  const place = location !== undefined && URL.canParse(location, here.href) ? new URL(location, here) : undefined;
  const sameOrigin = place !== undefined && place.origin === here.origin;
  const holdsUser = place !== undefined && (place.username !== '' || place.password !== '');
  if (place !== undefined && sameOrigin && !holdsUser && request.method === 'GET') return place.href;
  const to = place === undefined ? 'nowhere' : `${place.origin}${place.pathname}`.slice(0, 200);
  throw new EngineError(`the target redirects ${request.method} ${here.pathname} to ${to}`, {
    category: 'job',
    code: 'WebExceptionProtocolError',
    status: answer.status,
    remedy: sameOrigin
      ? 'only GET is followed; enter the final address as target.url'
      : 'the token is not sent to another host; enter the final address as target.url if you trust it',
  });
}

/** Refuses plain http beyond this machine, and link-local and metadata hosts. What stands before the path is looked at once. */
function allowing(options: TransportOptions): (url: string) => void {
  const allowed = new Set<string>();
  return (url) => {
    const [authority] = AUTHORITY.exec(url) ?? [];
    if (authority !== undefined && allowed.has(authority)) return;
    const { protocol, hostname } = new URL(url);
    assertHost(protocol, hostname, options);
    if (authority !== undefined) allowed.add(authority);
  };
}

/** Scheme and host of a URL that spells them out: two that are alike up to the path have the same. */
const AUTHORITY = /^https?:\/\/[^/?#\\]+(?=\/)/;

/** @throws EngineError `configuration` */
function assertHost(protocol: string, hostname: string, options: TransportOptions): void {
  const refused = options.allowLinkLocal === true ? undefined : refusal(hostname);
  if (refused !== undefined) throw refused;
  if (protocol === 'https:' || options.allowInsecureHttp || isLoopback(hostname)) return;
  throw new EngineError(`plain http to ${hostname} would send the token unprotected`, {
    category: 'configuration',
    code: 'insecure-target',
    remedy: 'use https, or set target.allowInsecureHttp: true if the network is yours',
  });
}

export type { RecordExchange, TransportResponse } from './exchange.ts';
