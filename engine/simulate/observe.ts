/** What happened in a simulation since some moment: the requests, records and notifications that expectations are about. */
import type { Accounts, SyncResult } from '../engine.ts';
import type { Instant } from '../model/instant.ts';
import type { Seen, TargetState } from './check-expectation.ts';
import { SIMULATED_JOB } from './simulated-job.ts';
import type { Simulation } from './simulation.ts';

/** What is seen of a job that does not exist yet. */
export const NOTHING_YET: Pick<Seen, 'exchanges' | 'logs' | 'notifications'> = {
  exchanges: [],
  logs: [],
  notifications: [],
};

/** How far the simulation had come. */
export type Moment = {
  readonly exchanges: number;
  readonly notifications: number;
  /** Position of the last provisioning log record. */
  readonly logged: number;
};

export async function momentOf(simulation: Simulation): Promise<Moment> {
  const [last] = await simulation.engine().logs({ limit: 1 });
  return {
    exchanges: simulation.exchanges.length,
    notifications: simulation.notifications.length,
    logged: last?.position ?? 0,
  };
}

/** Everything since `moment`; `cycles` are those that ran meanwhile, offsets of expectations count from `start`. */
export async function seenSince(
  simulation: Simulation,
  moment: Moment,
  told: {
    readonly start: Instant;
    readonly cycles: readonly SyncResult[];
    readonly refusals?: readonly string[];
    readonly accounts?: Accounts;
    readonly answers?: readonly unknown[];
    readonly target: TargetState;
  },
): Promise<Seen> {
  const records = await simulation.engine().logs({ after: moment.logged });
  return {
    refusals: [],
    answers: [],
    ...told,
    exchanges: simulation.exchanges.slice(moment.exchanges),
    status: await simulation.engine().status(SIMULATED_JOB),
    logs: records.map(({ record }) => record),
    notifications: simulation.notifications.slice(moment.notifications),
  };
}

/** The writing requests among `exchanges`, one line each. */
export function writesAmong(exchanges: Seen['exchanges']): readonly string[] {
  return exchanges
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, status }) => `${method} ${path} → ${status}`);
}
