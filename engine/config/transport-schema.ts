/** How requests reach the target, how fast, and what it may answer: part of `target` in the configuration, and `docs/quirks.md` (scim-wire.md 13). */
import { PACES } from '../model/pace.ts';

/** Milliseconds; one that is set to more goes off at once. */
export const LONGEST_TIMER = 2_147_483_647;

export const transportProperties = {
  timeoutMs: {
    type: 'integer',
    minimum: 1,
    maximum: LONGEST_TIMER,
    default: 100000,
    description: 'Milliseconds to wait for an answer.',
  },
  concurrency: { type: 'integer', minimum: 1, maximum: 256, default: 8, description: 'Requests in flight at most.' },
  pace: {
    enum: Object.keys(PACES),
    default: 'unlimited',
    description: "A named limit on requests a second, Entra's own or that of an application (docs/pace.md).",
  },
  maxRequestsPerSecond: {
    type: 'number',
    exclusiveMinimum: 0,
    description: 'Requests started a second in the long run; overrides that of pace.',
  },
  burst: {
    type: 'integer',
    minimum: 1,
    description: 'Requests that may start at once after a rest; overrides that of pace, 1 without one.',
  },
  throttleMode: {
    enum: ['honour', 'ignore'],
    default: 'honour',
    description: 'honour: Retry-After pauses the job, up to 300 seconds. ignore: a throttled request fails at once.',
  },
  adapter: { enum: ['undici', 'http'], default: 'undici', description: 'HTTP client beneath the transport.' },
  caFile: {
    type: 'string',
    description: 'PEM file of a certificate authority to trust besides those of the system.',
  },
  allowInsecureHttp: {
    type: 'boolean',
    default: false,
    description: 'Allows plain http to hosts other than loopback.',
  },
  allowLinkLocal: {
    type: 'boolean',
    default: false,
    description: 'Allows targets at link-local addresses and at the metadata services of clouds.',
  },
  maxResponseBytes: {
    type: 'integer',
    minimum: 1024,
    default: 10485760,
    description: 'Longer answers fail the object.',
  },
} as const;

/** The section of scim-wire.md, or the ruling, that each setting comes from. */
export const TRANSPORT_SOURCES: Readonly<Record<keyof typeof transportProperties, string>> = {
  timeoutMs: 'wire 9.1, 13 (`requestTimeoutMs`)',
  concurrency: 'wire 9.3, R4',
  pace: 'wire 9.3, R4',
  maxRequestsPerSecond: 'wire 9.3, 13',
  burst: 'wire 9.3',
  throttleMode: 'wire 9.3, R8',
  adapter: 'ours',
  caFile: 'wire 1.3',
  allowInsecureHttp: 'wire 1.3',
  allowLinkLocal: 'wire 1.3',
  maxResponseBytes: 'ours',
};
