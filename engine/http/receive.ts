/** One request over an undici pool and its whole answer, without streams between: most answers of a target are one chunk. */
import type { Dispatcher } from 'undici';
import type { InFlight } from './in-flight.ts';

export type Received = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type ReceiveLimits = {
  readonly signal: AbortSignal;
  /** Keeps the time, from the call to the last byte: a target that trickles does not get more. */
  readonly inFlight: InFlight;
  /** Longest body as it travels. */
  readonly maxBytes: number;
  /** What a longer one fails with. */
  readonly tooLong: () => Error;
};

/**
 * The answer.
 * @throws undici's error when there is none, the reason of the signal when it aborts, `TimeoutError` when it comes late,
 * `tooLong` past the limit
 */
export function receive(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal, inFlight, maxBytes, tooLong }: ReceiveLimits,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let headers: Record<string, string> = {};
    let chunks: Buffer[] = [];
    let size = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let given: Error | undefined;
    let ended = false;
    const end = () => {
      if (!ended) inFlight.end(place);
      ended = true;
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    /** Gives up on the request, also before it was sent. */
    const stop = (reason: Error) => {
      given = reason;
      chunks = [];
      fail(reason);
      controller?.abort(reason);
    };
    signal.throwIfAborted();
    const place = inFlight.begin({ signal, stop });
    dispatcher.dispatch(request, {
      onRequestStart: (started) => {
        controller = started;
        if (given !== undefined) started.abort(given);
      },
      // Once more for each interim answer: the last one counts.
      onResponseStart: (_controller, statusCode, received) => {
        status = statusCode;
        headers = {};
        for (const name in received) headers[name] = String(received[name]);
      },
      onResponseData: (_controller, chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > maxBytes) stop(tooLong());
      },
      onResponseEnd: () => {
        end();
        const [first] = chunks;
        resolve({ status, headers, body: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) });
      },
      onResponseError: (_controller, error) => fail(error),
    });
  });
}
