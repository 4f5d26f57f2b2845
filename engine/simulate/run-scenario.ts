/** Plays a scenario: actions at their time, cycles when they are due, expectations after each step. */

import { afterAccident, type SourceAccident } from '../../fixtures/directories/accidents.ts';
import { withControlSurface } from '../../fixtures/targets/control-surface.ts';
import { targetProfiles } from '../../fixtures/targets/index.ts';
import type { SyncResult } from '../engine.ts';
import { assertNever, EngineError } from '../model/engine-error.ts';
import { addMilliseconds } from '../model/instant.ts';
import { suggest } from '../model/suggest.ts';
import { parseResetFlags } from '../record/job-lifecycle.ts';
import { checkExpectation, type TargetState } from './check-expectation.ts';
import { momentOf, seenSince, writesAmong } from './observe.ts';
import type { Action, Scenario, Step } from './scenario.ts';
import { SIMULATED_JOB } from './simulated-job.ts';
import { openSimulation, type Simulation } from './simulation.ts';

export type StepReport = {
  readonly step: Step;
  readonly cycles: readonly SyncResult[];
  readonly writes: readonly string[];
  /** What was expected and not seen, one sentence each. */
  readonly failures: readonly string[];
};

export type ScenarioReport = {
  readonly scenario: Scenario;
  readonly steps: readonly StepReport[];
  readonly passed: boolean;
  readonly seconds: number;
};

type Application = ReturnType<typeof withControlSurface>;
type Stage = { readonly simulation: Simulation; readonly app: Application; readonly directory: { intact: string } };

const TOKEN = 'simulated-token';
const ORIGIN = 'https://app.simulated.invalid';

/** @throws EngineError `configuration` when the scenario names what does not exist */
export async function runScenario(scenario: Scenario): Promise<ScenarioReport> {
  const began = Date.now();
  const stage = await openStage(scenario);
  const steps: StepReport[] = [];
  try {
    for (const step of scenario.steps) {
      const report = await playStep(stage, scenario, step);
      steps.push(report);
      if (report.failures.length > 0) break;
    }
  } finally {
    await stage.simulation.close();
  }
  const passed = steps.length === scenario.steps.length && steps.every(({ failures }) => failures.length === 0);
  return { scenario, steps, passed, seconds: (Date.now() - began) / 1000 };
}

async function openStage(scenario: Scenario): Promise<Stage> {
  const profile = targetProfiles[scenario.profile];
  if (profile === undefined) throw unknownProfile(scenario.profile);
  // The application asks the simulation's clock; the simulation needs the application first.
  const clock = { now: () => scenario.start };
  const target = profile.create({ token: TOKEN, now: () => clock.now() });
  const app = withControlSurface(target, { sleep: async () => undefined });
  const simulation = await openSimulation({
    directory: scenario.directory,
    mapping: scenario.mapping,
    job: scenario.job,
    start: scenario.start,
    target: {
      url: `${ORIGIN}${target.basePath}`,
      token: TOKEN,
      fetch: app.handle,
      settings: scenario.targetSettings,
    },
  });
  clock.now = simulation.now;
  const basePath = target.basePath;
  for (const [path, resources] of [
    ['/Users', scenario.seed.users],
    ['/Groups', scenario.seed.groups],
  ] as const) {
    for (const resource of resources) await ask(app, 'POST', `${basePath}${path}`, resource);
  }
  return { simulation, app, directory: { intact: scenario.directory } };
}

async function playStep(stage: Stage, scenario: Scenario, step: Step): Promise<StepReport> {
  const { simulation, app } = stage;
  const before = await momentOf(simulation);
  const at = addMilliseconds(scenario.start, step.atMs);
  const cycles: SyncResult[] = [...(await simulation.advanceTo(at, false))];
  for (const action of step.actions) cycles.push(...(await act(stage, scenario, action)));
  cycles.push(...(await simulation.advanceTo(at)));
  const seen = await seenSince(simulation, before, { start: scenario.start, cycles, target: await stateOf(app) });
  return { step, cycles, writes: writesAmong(seen.exchanges), failures: checkExpectation(step.expect, seen) };
}

/** Carries an action out; returns the cycles it ran itself. */
async function act(stage: Stage, scenario: Scenario, action: Action): Promise<readonly SyncResult[]> {
  const { simulation, app } = stage;
  const engine = simulation.engine();
  switch (action.kind) {
    case 'directory':
      await simulation.edit([action.edit]);
      return [];
    case 'source':
      await befall(stage, action.accident);
      return [];
    case 'fault':
      app.inject(action.injection);
      return [];
    case 'clearFaults':
      app.clearFaults();
      return [];
    case 'target': {
      const basePath = action.path.startsWith('/_sim/') ? '' : basePathOf(scenario.profile);
      const answer = await ask(app, action.method, `${basePath}${action.path}`, action.body);
      if (answer.status < 400) return [];
      throw refusedByTarget(action, answer.status, await answer.text());
    }
    case 'settings':
      await simulation.configure(action);
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

/** An accident hits what the file held before it; mending brings that back. */
async function befall(stage: Stage, accident: SourceAccident | 'mended'): Promise<void> {
  const { simulation, directory } = stage;
  if (accident === 'mended') return simulation.writeDirectory(directory.intact);
  directory.intact = await simulation.directoryText();
  return simulation.writeDirectory(afterAccident(directory.intact, accident));
}

async function ask(app: Application, method: string, path: string, body: unknown): Promise<Response> {
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/scim+json',
    'user-agent': 'administrator',
  };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return app.handle(new Request(`${ORIGIN}${path}`, init));
}

async function stateOf(app: Application): Promise<TargetState> {
  const answer = await ask(app, 'GET', '/_sim/state', undefined);
  return (await answer.json()) as TargetState; // the form every simulated application describes itself in
}

function basePathOf(profile: string): string {
  return targetProfiles[profile]?.create({}).basePath ?? '';
}

function unknownProfile(name: string): EngineError {
  const near = suggest(name, Object.keys(targetProfiles));
  return new EngineError(`there is no simulated application "${name}"`, {
    category: 'configuration',
    code: 'unknown-profile',
    remedy: near === undefined ? `profiles: ${Object.keys(targetProfiles).join(', ')}` : `did you mean "${near}"?`,
  });
}

function refusedByTarget(action: { method: string; path: string }, status: number, text: string): EngineError {
  return new EngineError(
    `the application answered ${status} to the scenario's own ${action.method} ${action.path}: ${text}`,
    {
      category: 'configuration',
      code: 'scenario-request-refused',
      remedy: 'correct the request of the step',
    },
  );
}
