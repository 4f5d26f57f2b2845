/** Runs the checks against an endpoint, one after the other, and cleans up whatever happens. */
import { EngineError } from '../model/engine-error.ts';
import type { Clock, Ids } from '../ports.ts';
import { CORE_1_URN } from '../scim/create-body.ts';
import { readListResponse } from '../scim/list-response.ts';
import { findRequest } from '../scim/request.ts';
import { type ConformanceCheck, type Finding, unmet, type Verdict } from './check.ts';
import { type CleanUp, cleanUp } from './clean-up.ts';
import {
  asResource,
  type Conversation,
  type Exchange,
  openRecorder,
  type Recorder,
  type Wire,
} from './conversation.ts';
import { answered, reactionTo } from './reaction.ts';
import { surveyEndpoint } from './survey.ts';

export type Outcome = 'passed' | 'failed' | 'warning' | 'skipped';

export type CheckResult = {
  readonly check: ConformanceCheck;
  /** `failed`: Entra would not work. `warning`: it would, with a blemish. `skipped`: not judged. */
  readonly outcome: Outcome;
  readonly finding?: Finding;
  /** Id of the unmet check that this one follows from. */
  readonly followsFrom?: string;
  /** Why it was not judged. */
  readonly why?: string;
  readonly durationMs: number;
  readonly exchanges: readonly Exchange[];
};

export type ConformanceReport = {
  readonly results: readonly CheckResult[];
  readonly cleanUp: CleanUp;
  readonly durationMs: number;
  /** Stopped half-way by the user: the checks that are missing did not run. */
  readonly interrupted: boolean;
  /** Why it ended before its time. */
  readonly error?: EngineError;
};

export type RunOptions = {
  readonly checks: readonly ConformanceCheck[];
  readonly signal: AbortSignal;
  /** Domain of the user names. */
  readonly domain: string;
  /** Leaves what was created. */
  readonly keep?: boolean;
  readonly onResult?: (result: CheckResult, done: number) => void;
};

export type RunPorts = { readonly wire: Wire; readonly clock: Clock; readonly ids: Ids };

/** The report; it says itself when the endpoint went away or the run was interrupted. */
export async function runChecks(ports: RunPorts, options: RunOptions): Promise<ConformanceReport> {
  const { wire, clock } = ports;
  const started = Date.parse(clock.now());
  const recorder = openRecorder(wire, clock, options.signal);
  const results: CheckResult[] = [];
  let error: EngineError | undefined;
  try {
    const talk = openTalk(ports, recorder, options.domain);
    await connect(talk);
    const survey = await surveyEndpoint(talk);
    for (const check of options.checks) {
      const result = await runCheck(check, { ...talk, survey }, { clock, exchanges: recorder.exchanges });
      results.push(result);
      options.onResult?.(result, results.length);
    }
  } catch (thrown) {
    if (!options.signal.aborted) {
      if (!(thrown instanceof EngineError) || thrown.category === 'bug') throw thrown;
      error = thrown;
    }
  }
  // Cleaning up goes on when the checks were stopped.
  const sweeper = openRecorder(wire, clock, new AbortController().signal);
  const swept =
    options.keep === true
      ? { removed: 0, left: recorder.leftovers().map((leftover) => ({ ...leftover, why: 'kept on request' })) }
      : await cleanUp(recorder, sweeper.send);
  return {
    results: withCauses(results),
    cleanUp: swept,
    durationMs: Date.parse(clock.now()) - started,
    interrupted: options.signal.aborted,
    ...(error === undefined ? {} : { error }),
  };
}

function openTalk(
  { wire, ids }: RunPorts,
  { send, askToken }: Pick<Recorder, 'send' | 'askToken'>,
  domain: string,
): Omit<Conversation, 'survey'> {
  const run = ids.next().replaceAll('-', '').slice(0, 12);
  let count = 0;
  return {
    patchMode: wire.patchMode,
    unique: () => `scimulate-${run}-${++count}`,
    userName: (name) => `${name}@${domain}`,
    send,
    ...(askToken === undefined ? {} : { askToken }),
  };
}

/** Whether somebody answers, lets us in, and speaks SCIM 2.0. @throws EngineError `job` or `transient` when not */
async function connect(talk: Pick<Conversation, 'send' | 'unique'>): Promise<void> {
  const exchange = await talk.send(findRequest('User', 'userName', talk.unique()));
  if (exchange.status === 0) {
    throw new EngineError(exchange.text, {
      category: 'job',
      code: 'Unreachable',
      remedy: 'see whether the endpoint is running and --url is right',
    });
  }
  if (speaksScim1(exchange)) {
    throw new EngineError('this endpoint speaks SCIM 1.1; conform checks 2.0', {
      category: 'job',
      code: 'ScimVersion',
      remedy: 'name the address of the SCIM 2.0 endpoint, if there is one',
    });
  }
  if (exchange.status !== 401 && exchange.status !== 403) return;
  throw new EngineError(`the endpoint lets nobody in: Test Connection ${answered(exchange)}`, {
    category: 'job',
    code: 'InvalidCredentials',
    status: exchange.status,
    remedy:
      "give the endpoint's token with --token '${env:NAME}', or in SCIM_TOKEN; the word Bearer is added by itself",
  });
}

/** A list of SCIM 1.1 names the core schema as its own (scim-wire.md 11.1). */
function speaksScim1({ body }: Exchange): boolean {
  const schemas = readListResponse(body) === undefined ? undefined : asResource(body)?.schemas;
  return Array.isArray(schemas) && schemas.includes(CORE_1_URN);
}

async function runCheck(
  check: ConformanceCheck,
  talk: Conversation,
  record: { readonly clock: Clock; readonly exchanges: () => readonly Exchange[] },
): Promise<CheckResult> {
  const before = record.exchanges().length;
  const started = Date.parse(record.clock.now());
  const own = obstacle(check, talk) ?? (await check.run(talk));
  const exchanges = record.exchanges().slice(before);
  const verdict = own.kind === 'unjudged' ? (brokenOff(exchanges) ?? own) : own;
  return {
    check,
    ...outcomeOf(check, verdict, talk),
    durationMs: Date.parse(record.clock.now()) - started,
    exchanges,
  };
}

/** A request of the check that got no answer: that is no feature the endpoint lacks, and Entra's request would fail as well. */
function brokenOff(exchanges: readonly Exchange[]): Verdict | undefined {
  const lost = exchanges.find(({ status }) => status === 0);
  return lost === undefined ? undefined : unmet(answered(lost), lost, { entra: reactionTo(lost) });
}

/** What keeps a check from being judged at this endpoint. */
function obstacle(check: ConformanceCheck, { survey }: Conversation): Verdict | undefined {
  if (check.groups === true && !survey.groups) return { kind: 'unjudged', why: 'there is no group endpoint' };
  if (check.area === 'managers' && !survey.managers) return { kind: 'unjudged', why: '/Schemas lists no manager' };
  if (survey.broken !== undefined) return undefined;
  const missing = (check.uses ?? []).filter((path) => !survey.kept.has(path));
  if (missing.length === 0) return undefined;
  return { kind: 'unjudged', why: `the endpoint does not keep ${missing.join(', ')}` };
}

function outcomeOf(
  check: ConformanceCheck,
  verdict: Verdict,
  { patchMode }: Conversation,
): Pick<CheckResult, 'outcome' | 'finding' | 'why'> {
  switch (verdict.kind) {
    case 'met':
      return { outcome: 'passed' };
    case 'unjudged':
      return { outcome: 'skipped', why: verdict.why };
    case 'unmet': {
      const { entra, ...seen } = verdict.finding;
      const finding = check.unusual === true || entra === undefined ? seen : { ...seen, entra };
      const wanted = check.category === 'mandatory' && (check.dialect ?? patchMode) === patchMode;
      return { outcome: wanted && finding.tolerable !== true ? 'failed' : 'warning', finding };
    }
  }
}

/** Each unmet check with the one it follows from in the end. */
function withCauses(results: readonly CheckResult[]): readonly CheckResult[] {
  const unmet = results.filter(({ finding }) => finding !== undefined);
  return results.map((result) => {
    const root = result.finding === undefined ? result : rootOf(result, unmet);
    return root === result ? result : { ...result, followsFrom: root.check.id };
  });
}

function rootOf(result: CheckResult, unmet: readonly CheckResult[]): CheckResult {
  let root = result;
  for (let depth = 0; depth < unmet.length; depth += 1) {
    const cause = unmet.find((other) => explains(other, root));
    if (cause === undefined || cause === result) break;
    root = cause;
  }
  return root;
}

/** By declaration, or because the same change is answered alike in the dialect that counts. */
function explains(cause: CheckResult, other: CheckResult): boolean {
  if (cause.check.id === other.check.id) return false;
  if (cause.check.explains?.(other.check) === true) return true;
  const sameChange = stem(cause.check) === stem(other.check) && cause.check.dialect !== undefined;
  const sameAnswer = cause.finding?.exchange.status === other.finding?.exchange.status;
  return sameChange && sameAnswer && cause.outcome === 'failed' && other.outcome === 'warning';
}

/** The id without its dialect. */
function stem({ id }: ConformanceCheck): string {
  return id.replace(/-(legacy|flag)$/, '');
}
