/** `logs`: provisioning log records, or with `--audit` what was done to the jobs; for a person or as JSON. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../../engine.ts';
import type { LogQuery } from '../../ports.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { auditLine, logLine } from '../views/logs-human.ts';

export type LogsOptions = ConfigOption & {
  readonly job?: string;
  readonly cycle?: string;
  readonly object?: string;
  readonly status?: string;
  readonly action?: string;
  readonly limit?: number;
  readonly follow: boolean;
  readonly audit: boolean;
  readonly json: boolean;
};

const POLL_MS = 500;

export async function logs(io: Io, options: LogsOptions): Promise<ExitCode> {
  const { engine } = await openToLook(io, options);
  try {
    if (options.audit) return await audits(io, engine, options);
    let query = await toQuery(engine, options);
    let found = await engine.logs(query);
    if (found.length === 0 && options.object !== undefined) {
      // Not a name the records carry: the mail of somebody, or nobody at all.
      query = { ...query, object: await idOf(engine, options, options.object) };
      found = await engine.logs(query);
    }
    if (options.json && !options.follow) {
      io.out(jsonDocument({ records: found.map(({ record }) => record) }));
      return EXIT.fine;
    }
    const print = (records: typeof found) => {
      for (const { record } of records)
        io.out(
          `${options.json ? JSON.stringify(record) : logLine(record, io.isPiped === true ? Number.POSITIVE_INFINITY : io.width)}\n`,
        );
    };
    print(found);
    if (found.length === 0 && !options.follow) io.out(`${await whyNone(engine, options)}\n`);
    if (options.follow) await follow(io, engine, query, found.at(-1)?.position ?? 0, print);
    return EXIT.fine;
  } finally {
    await engine.close();
  }
}

/** What administrators, and the service on its own, did to the jobs. */
async function audits(io: Io, engine: Engine, options: LogsOptions): Promise<ExitCode> {
  const jobs = chosenJobs(engine, options.job);
  const found = await Promise.all(
    jobs.map(async (job) => (await engine.audits(job, options.limit)).map((record) => ({ job, ...record }))),
  );
  const records = found.flat().sort((a, b) => a.at.localeCompare(b.at));
  if (options.json) io.out(jsonDocument({ audits: records }));
  else if (records.length === 0) io.out('nobody did anything yet\n');
  else for (const record of records) io.out(`${auditLine(record)}\n`);
  return EXIT.fine;
}

async function follow(
  io: Io,
  engine: Engine,
  query: LogQuery,
  start: number,
  print: (records: Awaited<ReturnType<Engine['logs']>>) => void,
): Promise<void> {
  let after = start;
  const over = io.outputClosed === undefined ? io.signal : AbortSignal.any([io.signal, io.outputClosed]);
  while (!over.aborted) {
    await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
    const found = await engine.logs({ ...query, after });
    print(found);
    after = found.at(-1)?.position ?? after;
  }
}

/** Id of the directory object of that name. @throws EngineError as `Engine.findOne` */
async function idOf(engine: Engine, options: LogsOptions, reference: string): Promise<string> {
  const [job = ''] = chosenJobs(engine, options.job);
  return (await engine.findOne(job, reference)).id;
}

/** What to do when no record fits. */
async function whyNone(engine: Engine, options: LogsOptions): Promise<string> {
  const jobs = await Promise.all(chosenJobs(engine, options.job).map((job) => engine.status(job)));
  const last = jobs.flatMap(({ name, record }) =>
    record?.lastCycle === undefined ? [] : { name, ...record.lastCycle },
  );
  if (last.length === 0) return 'no records; run a cycle first: scimulate sync';
  const cycles = last.map(({ name, kind, cycleId }) => `the last cycle of ${name} is ${cycleId} (${kind})`);
  return `no record fits; ${cycles.join(', ')}`;
}

async function toQuery(engine: Engine, options: LogsOptions): Promise<LogQuery> {
  const { job, cycle, object, status, action, limit } = options;
  return {
    ...(job === undefined ? {} : { jobId: (await engine.status(job)).jobId }),
    ...(cycle === undefined ? {} : { cycleId: cycle }),
    ...(object === undefined ? {} : { object }),
    ...(status === undefined ? {} : { status }),
    ...(action === undefined ? {} : { action }),
    ...(limit === undefined ? {} : { limit }),
  };
}
