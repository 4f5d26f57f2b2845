/** So many requests per window and key: a sliding window over the times of those that were let through. */
export type RateLimit = {
  /** Undefined when the request may go on; else the milliseconds until it may. */
  readonly take: (key: string, limit: { readonly requests: number; readonly windowMs: number }) => number | undefined;
};

export function createRateLimit(now: () => number): RateLimit {
  const taken = new Map<string, readonly number[]>();
  return {
    take: (key, { requests, windowMs }) => {
      const time = now();
      const recent = (taken.get(key) ?? []).filter((one) => one > time - windowMs);
      const [oldest] = recent;
      if (recent.length >= requests && oldest !== undefined) {
        taken.set(key, recent);
        return oldest + windowMs - time;
      }
      taken.set(key, [...recent, time]);
      return undefined;
    },
  };
}
