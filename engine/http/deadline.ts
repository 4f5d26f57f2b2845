/**
 * A signal that aborts with another one or after a while, and can be let go of. `AbortSignal.any` and `AbortSignal.timeout`
 * keep what listens to them until they fire: a process that runs for weeks may not use them per request.
 */
export type Deadline = {
  readonly signal: AbortSignal;
  /** Why, when it was the clock; undefined otherwise. */
  readonly expired: () => unknown;
  /** Forgets clock and listeners; call it when the work is over. */
  readonly release: () => void;
};

export function withDeadline(signal: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController();
  let expired: DOMException | undefined;
  const follow = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    expired = timeout();
    controller.abort(expired);
  }, milliseconds);
  timer.unref();
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => (signal.aborted ? undefined : expired),
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', follow);
    },
  };
}

/** What a request that took too long fails with. */
export function timeout(): DOMException {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}
