/** `simulate`: plays scenarios in virtual time and checks what they expect. */
import { resolve } from 'node:path';
import { type OpenOptions, openRecording } from '../../compose.ts';
import { loadScenario } from '../../config/load-scenario.ts';
import { EngineError } from '../../model/engine-error.ts';
import { runScenario, type ScenarioReport } from '../../simulate/run-scenario.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { diagnosticsHuman, plural } from '../views/diagnostics-human.ts';
import { junitReport } from '../views/junit.ts';
import { simulateHuman } from '../views/simulate-human.ts';
import { assertReplaceable, junitAt, writeResult } from '../write-result.ts';

export type SimulateOptions = {
  readonly scenarios: readonly string[];
  readonly json: boolean;
  readonly junit?: string;
  /** File that every HTTP exchange with the simulated applications is recorded in. */
  readonly har?: string;
};

export async function simulate(io: Io, options: SimulateOptions): Promise<ExitCode> {
  const junit = junitAt(options.junit);
  if (junit !== undefined) await assertReplaceable(io, junit);
  const reports: ScenarioReport[] = [];
  const recording = options.har === undefined ? undefined : openRecording(resolve(io.cwd, options.har));
  try {
    for (const name of options.scenarios) {
      io.signal.throwIfAborted();
      const report = await play(io, name, recording?.record);
      reports.push(report);
      if (!options.json) io.out(`${simulateHuman(report, io.cwd)}\n`);
    }
  } finally {
    recording?.close();
  }
  const failed = reports.filter(({ passed }) => !passed).length;
  if (options.json) io.out(jsonDocument({ scenarios: reports.map(toJson) }));
  else io.out(`\n${plural(reports.length, 'scenario')}, ${failed === 0 ? 'all passed' : `${failed} failed`}\n`);
  if (junit !== undefined) await writeResult(io, junit, junitReport('simulate', reports.map(toCase)));
  return failed === 0 ? EXIT.fine : EXIT.objectsFailed;
}

async function play(io: Io, name: string, record: OpenOptions['record']): Promise<ScenarioReport> {
  const { scenario, diagnostics } = await loadScenario(resolve(io.cwd, name));
  if (scenario === undefined) {
    throw new EngineError(diagnosticsHuman(diagnostics, io), {
      category: 'configuration',
      code: 'bad-scenario',
      remedy: 'mend these and run again',
    });
  }
  if (diagnostics.length > 0) io.err(`${diagnosticsHuman(diagnostics, io)}\n\n`);
  try {
    return await runScenario(scenario, record);
  } catch (error) {
    if (!(error instanceof EngineError) || error.category === 'bug') throw error;
    throw new EngineError(`${name}: ${error.message}`, {
      category: 'configuration',
      code: error.code,
      cause: error,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

function toJson({ scenario, steps, passed, seconds }: ScenarioReport): unknown {
  return {
    name: scenario.name,
    file: scenario.file,
    passed,
    seconds,
    steps: steps.map(({ step, cycles, writes, failures, findings }) => ({
      at: step.at,
      note: step.note,
      cycles: cycles.map(({ cycle }) => ({
        kind: cycle.kind,
        startedAt: cycle.startedAt,
        state: cycle.state,
        counts: cycle.counts,
      })),
      writes,
      failures,
      findings,
    })),
  };
}

function toCase({ scenario, steps, seconds }: ScenarioReport): Parameters<typeof junitReport>[1][number] {
  const failures = steps.flatMap(({ step, failures: all }) => all.map((failure) => `${step.at}: ${failure}`));
  const [first] = failures;
  return {
    name: scenario.name,
    seconds,
    ...(first === undefined ? {} : { failure: { message: first, text: failures.join('\n') } }),
  };
}
