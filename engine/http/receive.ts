/** One request over an undici pool and its whole answer, without streams between: most answers of a target are one chunk. */
import type { Dispatcher } from 'undici';

export type Received = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type ReceiveLimits = {
  readonly signal: AbortSignal;
  /** Longest body as it travels. */
  readonly maxBytes: number;
  /** What a longer one fails with. */
  readonly tooLong: () => Error;
};

/** The answer. @throws undici's error when there is none, the reason of the signal when it aborts, `tooLong` past the limit */
export function receive(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal, maxBytes, tooLong }: ReceiveLimits,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let headers: Record<string, string> = {};
    let chunks: Buffer[] = [];
    let size = 0;
    let stop: (reason: Error) => void = () => undefined;
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abort);
      reject(error);
    };
    const abort = () => {
      const { reason } = signal;
      fail(reason);
      stop(reason);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(request, {
      onRequestStart: (controller) => {
        stop = (reason) => controller.abort(reason);
        if (signal.aborted) stop(signal.reason);
      },
      // Once more for each interim answer: the last one counts.
      onResponseStart: (_controller, statusCode, given) => {
        status = statusCode;
        headers = {};
        for (const name in given) headers[name] = String(given[name]);
      },
      onResponseData: (_controller, chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= maxBytes) return;
        chunks = [];
        const error = tooLong();
        fail(error);
        stop(error);
      },
      onResponseEnd: () => {
        signal.removeEventListener('abort', abort);
        const [first] = chunks;
        resolve({ status, headers, body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) });
      },
      onResponseError: (_controller, error) => fail(error),
    });
  });
}
