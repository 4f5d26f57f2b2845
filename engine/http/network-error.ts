/** What went wrong below HTTP, as an EngineError with a remedy (cycle.md 10e). */
import { EngineError } from '../model/engine-error.ts';

type Cause = { readonly code: string; readonly message: string; readonly error?: Error };

const TIMEOUTS = new Set([
  'ETIMEDOUT',
  'ECONNABORTED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'TimeoutError',
]);

/** The failure of a request to `url` that got no answer. */
export function networkError(error: unknown, url: string): EngineError {
  const own = engineErrorIn(error);
  if (own !== undefined) return own;
  const { code, message, error: cause } = rootCause(error);
  const { host } = new URL(url);
  const timedOut = TIMEOUTS.has(code);
  return new EngineError(`no answer from ${host}: ${describe(code, message)}`, {
    category: 'transient',
    code: timedOut ? 'Timeout' : 'WebExceptionProtocolError',
    remedy: remedyFor(code, message, host),
    ...(cause === undefined ? {} : { cause }),
  });
}

function describe(code: string, message: string): string {
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  if (TIMEOUTS.has(code)) return 'it took too long';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
    return 'the connection was closed before the answer was complete';
  if (isNotTls(message)) return 'it does not speak https';
  return message.trim();
}

/** OpenSSL about an answer that is plain HTTP. */
function isNotTls(message: string): boolean {
  return /wrong version number|packet length too long/i.test(message);
}

function remedyFor(code: string, message: string, host: string): string {
  if (code === 'ECONNREFUSED') return `is the target running at ${host}?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'check the host name in target.url';
  if (TIMEOUTS.has(code)) return 'see whether the target is overloaded, or raise target.timeoutMs';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return 'give the certificate authority of the target as target.caFile';
  if (isNotTls(message)) return 'write http:// in target.url if the target is on this machine, or correct the port';
  return 'see the log of the target';
}

/** An error of our own, as the lookup of a refused address throws it, inside of what the HTTP clients made of it. */
function engineErrorIn(error: unknown): EngineError | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof EngineError) return current;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

/** Both HTTP clients wrap the socket's error, some more than once. Axios' wrapping holds the request, token included: it is left behind. */
function rootCause(error: unknown): Cause {
  let current: unknown = error;
  let found: Cause = { code: '', message: String(error) };
  let innermost: Error | undefined;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (!('config' in current)) innermost = current;
    const { code } = current as { code?: unknown };
    if (current.name === 'TimeoutError') found = { code: current.name, message: current.message };
    if (typeof code === 'string') found = { code, message: current.message };
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (!(inner instanceof Error)) break;
    current = inner;
  }
  return innermost === undefined ? found : { ...found, error: innermost };
}
