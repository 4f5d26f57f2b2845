/** Plays a scenario: actions at their time, cycles when they are due, expectations after each step. */

import { afterAccident, type SourceAccident } from '../../fixtures/directories/accidents.ts';
import type { SyncResult } from '../engine.ts';
import { assertNever, EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import { parseResetFlags } from '../record/job-lifecycle.ts';
import { checkExpectation, type Seen } from './check-expectation.ts';
import { momentOf, NOTHING_YET, seenSince, writesAmong } from './observe.ts';
import type { Action, Scenario, Step } from './scenario.ts';
import { SIMULATED_JOB } from './simulated-job.ts';
import type { Simulation, SimulationOptions } from './simulation.ts';
import { openStage, refusedByTarget, type Stage } from './stage.ts';

export type StepReport = {
  readonly step: Step;
  readonly cycles: readonly SyncResult[];
  readonly writes: readonly string[];
  /** What was expected and not seen, one sentence each. */
  readonly failures: readonly string[];
  /** What was wrong in the directory that these cycles read, and was not before. */
  readonly findings: readonly string[];
};

export type ScenarioReport = {
  readonly scenario: Scenario;
  readonly steps: readonly StepReport[];
  readonly passed: boolean;
  readonly seconds: number;
};

/**
 * @param record told about every HTTP exchange, secrets redacted
 * @throws EngineError `configuration` when the scenario names what does not exist
 */
export async function runScenario(scenario: Scenario, record?: SimulationOptions['record']): Promise<ScenarioReport> {
  const began = Date.now();
  const stage = await openStage(scenario, record);
  const steps: StepReport[] = [];
  const told = new Set<string>();
  try {
    for (const step of scenario.steps) {
      const played = await playStep(stage, scenario, step);
      const findings = newFindings(played.cycles, told);
      const report = { ...played, findings };
      steps.push(report);
      if (report.failures.length > 0) break;
    }
  } finally {
    await stage.close();
  }
  const passed = steps.length === scenario.steps.length && steps.every(({ failures }) => failures.length === 0);
  return { scenario, steps, passed, seconds: (Date.now() - began) / 1000 };
}

function newFindings(cycles: readonly SyncResult[], told: Set<string>): readonly string[] {
  const all = cycles.flatMap(({ problems }) => problems.map(({ severity, summary }) => `${severity}  ${summary}`));
  const fresh = [...new Set(all)].filter((finding) => !told.has(finding));
  for (const finding of fresh) told.add(finding);
  return fresh;
}

async function playStep(stage: Stage, scenario: Scenario, step: Step): Promise<Omit<StepReport, 'findings'>> {
  const before = stage.simulation();
  const moment = before === undefined ? undefined : await momentOf(before);
  const at = addMilliseconds(scenario.start, step.atMs);
  const cycles: SyncResult[] = [...((await before?.advanceTo(at, false)) ?? [])];
  const refusals: string[] = [];
  const answers: unknown[] = [];
  for (const action of step.actions) {
    try {
      if (action.kind === 'target') answers.push(await askTarget(stage, scenario, action));
      else cycles.push(...(await act(stage, action)));
    } catch (error) {
      if (!(error instanceof EngineError) || !mayBeRefused(action)) throw error;
      refusals.push(`${error.message}${error.remedy === undefined ? '' : `; ${error.remedy}`}`);
    }
  }
  const simulation = stage.simulation();
  cycles.push(...((await simulation?.advanceTo(at)) ?? []));
  const accounts = stage.accounts.splice(0).at(-1);
  const told = {
    start: scenario.start,
    cycles,
    refusals,
    answers,
    target: await stage.targetState(),
    ...(accounts === undefined ? {} : { accounts }),
  };
  const seen: Seen =
    simulation === undefined ? { ...NOTHING_YET, ...told } : await seenSince(simulation, moment ?? BEGINNING, told);
  return { step, cycles, writes: writesAmong(seen.exchanges), failures: checkExpectation(step.expect, seen) };
}

const BEGINNING = { exchanges: 0, notifications: 0, logged: 0 };

/** What an administrator does can be refused, and a scenario may be about just that. */
function mayBeRefused({ kind }: Action): boolean {
  return ['authorize', 'testConnection', 'settings', 'start', 'restart', 'sync', 'directory'].includes(kind);
}

type TargetRequest = Extract<Action, { readonly kind: 'target' }>;

/** The answer of the application. @throws EngineError `configuration`, `scenario-request-refused` */
async function askTarget(stage: Stage, { profile }: Scenario, { method, path, body }: TargetRequest): Promise<unknown> {
  const full = path.startsWith('/_sim/') ? path : `${stage.basePath}${path}`;
  const answer = await stage.ask(method, full, body);
  const text = await answer.text();
  if (answer.status >= 400) throw refusedByTarget(profile, `${method} ${full}`, answer.status, text);
  return text === '' ? undefined : JSON.parse(text);
}

/** Carries an action out; returns the cycles it ran itself. */
async function act(stage: Stage, action: Exclude<Action, TargetRequest>): Promise<readonly SyncResult[]> {
  const { app } = stage;
  switch (action.kind) {
    case 'fault':
      app.inject(action.injection);
      return [];
    case 'clearFaults':
      app.clearFaults();
      return [];
    case 'authorize':
      await stage.authorize(action.username);
      return [];
    default:
      return actOnTenant(stage, consented(stage), action);
  }
}

type TenantAction = Exclude<Action, { readonly kind: 'fault' | 'clearFaults' | 'authorize' | 'target' }>;

async function actOnTenant(stage: Stage, simulation: Simulation, action: TenantAction): Promise<readonly SyncResult[]> {
  const engine = simulation.engine();
  switch (action.kind) {
    case 'directory':
      await simulation.edit([action.edit]);
      return [];
    case 'source':
      await befall(stage, simulation, action.accident);
      return [];
    case 'settings':
      await simulation.configure(action);
      return [];
    case 'readAccounts':
      stage.accounts.push(await engine.accounts(SIMULATED_JOB));
      return [];
    case 'testConnection':
      await engine.testConnection(SIMULATED_JOB);
      return [];
    case 'start':
      await engine.start(SIMULATED_JOB);
      return [];
    case 'pause':
      await engine.pause(SIMULATED_JOB);
      return [];
    case 'restart':
      await engine.restart(SIMULATED_JOB, parseResetFlags(action.reset));
      return [];
    case 'sync':
      return [await simulation.sync()];
    default:
      return assertNever(action);
  }
}

/** @throws EngineError `configuration`, `no-consent`: without credentials there is no job to test or start */
function consented(stage: Stage): Simulation {
  const simulation = stage.simulation();
  if (simulation !== undefined) return simulation;
  throw new EngineError('the job has no credentials: nobody has authorized it at the application', {
    category: 'configuration',
    code: 'no-consent',
    remedy: 'authorize first',
  });
}

/** An accident hits what the file held before it; mending brings that back. */
async function befall(
  { directory }: Stage,
  simulation: Simulation,
  accident: SourceAccident | 'mended',
): Promise<void> {
  if (accident === 'mended') return simulation.writeDirectory(directory.intact);
  directory.intact = await simulation.directoryText();
  return simulation.writeDirectory(afterAccident(directory.intact, accident));
}
