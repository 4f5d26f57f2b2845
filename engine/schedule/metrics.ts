/** What the daemon tells Prometheus. One registry per daemon: nothing is shared between two in one process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CycleCounts, CycleKind, ExecutionState, JobRecord } from '../model/job-state.ts';

/** What a finished cycle contributes. */
type CycleFigures = {
  readonly kind: CycleKind;
  readonly state: ExecutionState;
  readonly counts: CycleCounts;
  readonly durationMs: number;
  readonly escrows: number;
  /** Errors in the directory, whose objects are left alone. */
  readonly directoryErrors: number;
  readonly job: JobRecord;
};

export type Metrics = {
  readonly cycleFinished: (job: string, figures: CycleFigures) => void;
  readonly cycleBroken: (job: string) => void;
  /** Prometheus text format. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

/** Buckets for cycles from a second to hours. */
const SECONDS = [1, 5, 15, 60, 300, 900, 2400, 7200, 21_600];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const cycles = new Counter({
    name: 'scimulate_cycles_total',
    help: 'Cycles by job, kind and state.',
    labelNames: ['job', 'kind', 'state'],
    registers,
  });
  const broken = new Counter({
    name: 'scimulate_cycles_broken_total',
    help: 'Cycles that ended without a record: lease lost, state unwritable, bug.',
    labelNames: ['job'],
    registers,
  });
  const objects = new Counter({
    name: 'scimulate_objects_total',
    help: 'Objects by main action.',
    labelNames: ['job', 'action'],
    registers,
  });
  const seconds = new Histogram({
    name: 'scimulate_cycle_duration_seconds',
    help: 'How long cycles take.',
    labelNames: ['job', 'kind'],
    buckets: SECONDS,
    registers,
  });
  const escrows = new Gauge({
    name: 'scimulate_escrows',
    help: 'Objects and references waiting for a retry.',
    labelNames: ['job'],
    registers,
  });
  const directoryErrors = new Gauge({
    name: 'scimulate_directory_errors',
    help: 'Errors in the directory; what they are about is left as it is.',
    labelNames: ['job'],
    registers,
  });
  const quarantine = new Gauge({
    name: 'scimulate_quarantine',
    help: '1 while the job is in quarantine.',
    labelNames: ['job'],
    registers,
  });
  const success = new Gauge({
    name: 'scimulate_last_success_timestamp_seconds',
    help: 'End of the last cycle that carried through.',
    labelNames: ['job'],
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    cycleBroken: (job) => broken.inc({ job }),
    cycleFinished: (
      job,
      { kind, state, counts, durationMs, escrows: waiting, directoryErrors: errors, job: record },
    ) => {
      cycles.inc({ job, kind, state });
      for (const [action, count] of Object.entries(counts)) if (count > 0) objects.inc({ job, action }, count);
      seconds.observe({ job, kind }, durationMs / 1000);
      escrows.set({ job }, waiting);
      directoryErrors.set({ job }, errors);
      quarantine.set({ job }, record.quarantine === undefined ? 0 : 1);
      const ended = record.lastCycle?.endedAt;
      if (state !== 'Failed' && ended !== undefined) success.set({ job }, Date.parse(ended) / 1000);
    },
  };
}
