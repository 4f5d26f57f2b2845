/** One request over an undici pool and its whole answer, without streams between: most answers of a target are one chunk. */
import type { Dispatcher } from 'undici';
import type { Attempt, InFlight, Place } from './in-flight.ts';

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
  limits: ReceiveLimits,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    limits.signal.throwIfAborted();
    dispatcher.dispatch(request, new Reception(limits, resolve, reject));
  });
}

class Reception implements Dispatcher.DispatchHandler, Attempt {
  readonly signal: AbortSignal;
  readonly #limits: ReceiveLimits;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (reason: unknown) => void;
  /** Undefined when it is over. */
  #place: Place | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #size = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #given: Error | undefined;

  constructor(limits: ReceiveLimits, resolve: (received: Received) => void, reject: (reason: unknown) => void) {
    this.signal = limits.signal;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#place = limits.inFlight.begin(this);
  }

  /** Gives up on the request, also before it was sent. */
  stop(reason: Error): void {
    this.#given = reason;
    this.#chunks = [];
    this.#end();
    this.#reject(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#given !== undefined) controller.abort(this.#given);
  }

  /** Once more for each interim answer: the last one counts. */
  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    this.#headers = {};
    for (const name in headers) this.#headers[name] = String(headers[name]);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > this.#limits.maxBytes) this.stop(this.#limits.tooLong());
  }

  onResponseEnd(): void {
    this.#end();
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    if (this.#place !== undefined) this.#limits.inFlight.end(this.#place);
    this.#place = undefined;
  }
}
