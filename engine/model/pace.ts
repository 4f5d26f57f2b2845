/** How fast requests may go: Entra's own pace, and what well-known applications publish as their limit for SCIM. */

export type Pace = {
  /** Requests a second in the long run. */
  readonly perSecond?: number;
  /** Requests that may start at once after a rest. */
  readonly burst?: number;
  /** What the application documents, and where. */
  readonly basis: string;
};

/** The strictest of the published limits a cycle runs into, as a token bucket that stays below it in every window. */
export const PACES = {
  unlimited: { basis: 'no limit of our own; `concurrency` alone bounds it (R4)' },
  entra: {
    perSecond: 25,
    burst: 1,
    basis:
      'an endpoint must take 25 requests a second per tenant: scim-wire.md 9.3, learn.microsoft.com use-scim-to-provision-users-and-groups',
  },
  slack: {
    perSecond: 3,
    burst: 20,
    basis: '180 writes a minute to users, bursts of 20: docs.slack.dev/reference/scim-api/rate-limits',
  },
  miro: {
    perSecond: 3,
    burst: 10,
    basis: '100 updates in 30 seconds: developers.miro.com/reference/rate-limits',
  },
  dbt: {
    perSecond: 3,
    burst: 5,
    basis: '20 requests in 5 seconds per account: docs.getdbt.com/docs/dbt-apis/rate-limits',
  },
  deel: { perSecond: 4, burst: 1, basis: '5 requests a second per token: developer.deel.com/docs/rate-limits' },
  peakon: {
    perSecond: 6,
    burst: 100,
    basis: '25,000 operations an hour: developer.peakon.com/reference/rate-limiting-1',
  },
} as const satisfies Readonly<Record<string, Pace>>;

export type PaceName = keyof typeof PACES;

/** `docs/pace.md`, for `npm run generate`. */
export function pacePage(): string {
  const rows = Object.entries<Pace>(PACES).map(
    ([name, { perSecond, burst, basis }]) => `| \`${name}\` | ${perSecond ?? 'any'} | ${burst ?? 'any'} | ${basis} |`,
  );
  return `# Pace

Generated from \`engine/model/pace.ts\`; do not edit.

\`target.pace\` names one of these. A token bucket per target starts so many requests a second in the long run, and so many at once
after a rest. \`maxRequestsPerSecond\` and \`burst\` override the two numbers. Vendors change their limits: what counts is
\`Retry-After\`, which pauses the whole job (\`throttleMode: honour\`, capped at 300 seconds, three repeats of a request).

| pace | requests a second | burst | basis |
|---|---|---|---|
${rows.join('\n')}
`;
}
