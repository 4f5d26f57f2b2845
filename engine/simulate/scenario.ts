/** A scenario: a scripted timeline in virtual time with what should be seen after each step. */
import type { SourceAccident } from '../../fixtures/directories/accidents.ts';
import type { DirectoryEdit } from '../../fixtures/directories/edit-directory.ts';
import type { Injection } from '../../fixtures/targets/faults.ts';
import { EngineError } from '../model/engine-error.ts';

export type Scenario = {
  readonly file: string;
  readonly name: string;
  /** What one learns from it. */
  readonly teaches: string;
  /** The directory as text. */
  readonly directory: string;
  /** Absolute path of the mapping file, or what it would hold. */
  readonly mapping: string | object;
  readonly profile: string;
  /** Whether an administrator has consented when it begins, at an application that asks for consent. */
  readonly grant: 'admin' | 'none';
  /** Resources the target holds at the start, as POST bodies. */
  readonly seed: { readonly users: readonly SeedResource[]; readonly groups: readonly SeedResource[] };
  readonly job: Readonly<Record<string, unknown>>;
  readonly targetSettings: Readonly<Record<string, unknown>>;
  readonly start: string;
  readonly steps: readonly Step[];
};

export type SeedResource = Readonly<Record<string, unknown>>;

export type Step = {
  /** Milliseconds since the start. */
  readonly atMs: number;
  /** As written: `+2d`. */
  readonly at: string;
  readonly note: string;
  readonly actions: readonly Action[];
  readonly expect: Expectation;
  /** Line of the step in the file, for failures. */
  readonly line: number;
};

export type Action =
  | { readonly kind: 'directory'; readonly edit: DirectoryEdit }
  /** What befalls a source by accident. */
  | { readonly kind: 'source'; readonly accident: SourceAccident | 'mended' }
  | { readonly kind: 'fault'; readonly injection: Injection }
  | { readonly kind: 'clearFaults' }
  /** An administrator of the application consents to what the job may do there. */
  | { readonly kind: 'authorize'; readonly username: string }
  | { readonly kind: 'testConnection' }
  /** Reads every account of the target, as Okta's import does. */
  | { readonly kind: 'readAccounts' }
  /** A request of somebody else to the application: a change the engine does not know of. */
  | { readonly kind: 'target'; readonly method: string; readonly path: string; readonly body?: unknown }
  | {
      readonly kind: 'settings';
      readonly job?: Readonly<Record<string, unknown>>;
      readonly target?: Readonly<Record<string, unknown>>;
      readonly mapping?: string | object;
    }
  | { readonly kind: 'start' | 'pause' | 'sync' }
  | { readonly kind: 'restart'; readonly reset: string };

/** What a group must be at the target: `members` by userName or displayName, and any other attribute. */
export type WantedGroup = { readonly members?: readonly string[]; readonly [attribute: string]: unknown };

export type Expectation = {
  /** Occurs in what the administrator is told when an action is refused. */
  readonly refused?: string;
  /** What the application answered to each `target` action of the step: attributes it must hold, null for none. */
  readonly answers?: readonly Readonly<Record<string, unknown>>[];
  /** Cycles that ran in this step. */
  readonly cycles?: number;
  /** Kind of the last of them. */
  readonly kind?: 'initial' | 'incremental';
  /** Counts of the last cycle, those named. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Writing requests of the step, in any order and complete: `POST /Users`, `PATCH /Users/*`. */
  readonly writes?: readonly RequestPattern[];
  /** Requests that must be among those of the step. */
  readonly sent?: readonly RequestPattern[];
  /** Requests that must not. */
  readonly notSent?: readonly RequestPattern[];
  /** Records that must be among those of the step. */
  readonly logs?: readonly LogPattern[];
  readonly job?: {
    readonly status?: string;
    readonly schedule?: string;
    readonly quarantine?: string | null;
    readonly escrows?: number;
    readonly held?: number;
    readonly users?: number;
    readonly groups?: number;
    /** Since the start: `+6h`. */
    readonly nextAttempt?: string;
    /** Between regular cycles. */
    readonly minutes?: number;
    /** Template id. */
    readonly idStartsWith?: string;
  };
  readonly target?: {
    /** Each must exist with these attributes (paths allowed); named by its userName, or externalId. */
    readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
    readonly groups?: Readonly<Record<string, WantedGroup | null>>;
    readonly userCount?: number;
  };
  /** What reading the accounts brought. */
  readonly accounts?: {
    readonly read?: number;
    readonly pages?: number;
    /** Account names that a user has by the same address. */
    readonly byMail?: readonly string[];
    readonly lockedOut?: readonly string[];
  };
  /** Notifications of the step. */
  readonly notifications?: number;
};

/**
 * How a request is named: the method, or `*`, and the path, with `*` for anything in it; `*` alone is any request.
 * A method that nobody sends would make an expectation that cannot fail.
 */
export const REQUEST_PATTERN = /^(?:(\*|GET|POST|PUT|PATCH|DELETE) +([/*].*)|\*)$/;

/** `METHOD /path` with `*` for anything, and attributes the body must hold. */
export type RequestPattern = {
  readonly request: string;
  /** Must be contained in the body. */
  readonly body?: unknown;
};

type Patterns = 'writes' | 'sent' | 'notSent';

/** An expectation as people write it: a request alone, or with a body. */
export type WrittenExpectation = Omit<Expectation, Patterns> & {
  readonly [Key in Patterns]?: readonly (string | RequestPattern)[];
};

/** The same with every request pattern written out. */
export function readExpectation(written: WrittenExpectation): Expectation {
  const { writes, sent, notSent, ...rest } = written;
  const patterns = (all: readonly (string | RequestPattern)[]) =>
    all.map((one) => (typeof one === 'string' ? { request: one } : one));
  return {
    ...rest,
    ...(writes === undefined ? {} : { writes: patterns(writes) }),
    ...(sent === undefined ? {} : { sent: patterns(sent) }),
    ...(notSent === undefined ? {} : { notSent: patterns(notSent) }),
  };
}

/** The expectation. @throws EngineError `configuration`, `bad-request`: a pattern that is no request would prove nothing */
export function withRequestsOnly(expectation: Expectation): Expectation {
  const { writes = [], sent = [], notSent = [] } = expectation;
  for (const { request } of [...writes, ...sent, ...notSent]) {
    if (REQUEST_PATTERN.test(request)) continue;
    throw new EngineError(`"${request}" is not a request`, {
      category: 'configuration',
      code: 'bad-request',
      remedy: 'write METHOD /path, with * for anything: PATCH /Users/*, DELETE *',
    });
  }
  return expectation;
}

export type LogPattern = {
  /** displayName or userPrincipalName. */
  readonly object?: string;
  readonly action?: string;
  readonly status?: string;
  readonly code?: string;
  /** Occurs in the reason or a step's description. */
  readonly says?: string;
  /** Every modified property: its value before and after. */
  readonly modified?: Readonly<Record<string, readonly [unknown, unknown]>>;
};
