/** `provision REF`: the whole pipeline for one object, each step as it happens. */
import { EngineError } from '../../model/engine-error.ts';
import type { Operation, Outcome } from '../../plan/plan.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, chosenJobs, open } from '../open.ts';
import { outcomeHuman, plannedHuman } from '../views/provision-human.ts';

export type ProvisionOptions = ConfigOption & {
  readonly reference: string;
  readonly job?: string;
  readonly member: readonly string[];
  readonly json: boolean;
};

export async function provision(io: Io, options: ProvisionOptions): Promise<ExitCode> {
  const { engine } = await open(io, options);
  const outcomes: Outcome[] = [];
  // A reference that is equal already is no news.
  const shown = ({ isReference, status }: Operation) => !options.json && !(isReference && status === 'skipped');
  try {
    for (const job of chosenJobs(engine, options.job)) {
      if (!options.json) io.out(`${job} · provision on demand · ${options.reference}\n`);
      const result = await engine.provision(job, options.reference, {
        members: options.member,
        signal: io.signal,
        onPlanned: (operation) => {
          if (shown(operation)) io.out(`${plannedHuman(operation, io.width)}\n`);
        },
        onOutcome: (outcome) => {
          if (shown(outcome.operation)) io.out(`${outcomeHuman(outcome, io.width)}\n`);
        },
      });
      outcomes.push(...result.outcomes);
    }
  } catch (error) {
    if (error instanceof EngineError && error.category === 'job' && !options.json)
      io.out(`  1 Test connection        failed: ${error.message}\n`);
    throw error;
  } finally {
    await engine.close();
  }
  if (options.json) io.out(jsonDocument({ outcomes: outcomes.map(toJson) }));
  return outcomes.some(({ failure }) => failure !== undefined) ? EXIT.objectsFailed : EXIT.fine;
}

function toJson({ operation, status, failure, targetId }: Outcome): unknown {
  return {
    objectType: operation.source.type,
    sourceId: operation.source.id,
    displayName: operation.source.displayName,
    action: operation.action,
    status,
    reason: operation.reason.message,
    targetId: targetId ?? null,
    steps: operation.steps,
    requests: operation.requests.map(({ method, path, body }) => ({ method, path, body: body ?? null })),
    modifiedProperties: operation.modifiedProperties,
    failure: failure ?? null,
  };
}
