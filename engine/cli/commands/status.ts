/** `status`: what each job remembers. Does not contact the target. */
import { apiDecisions } from '../../manage/api-decisions.ts';
import { readManaged } from '../../manage/read-managed.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { decisionsHuman, statusHuman } from '../views/status-human.ts';

export type StatusOptions = ConfigOption & { readonly job?: string; readonly json: boolean };

export async function status(io: Io, options: StatusOptions): Promise<ExitCode> {
  const { engine, written, store, secrets } = await openToLook(io, options);
  try {
    const jobs = await Promise.all(chosenJobs(engine, options.job).map((job) => engine.status(job)));
    const decisions = apiDecisions(written, await readManaged(written, store, secrets));
    if (options.json) io.out(jsonDocument({ jobs, apiDecisions: decisions }));
    else {
      const next = nextCommand(options.config);
      io.out(
        `${[...jobs.map((job) => statusHuman(job, next, io.width)), ...decisionsHuman(decisions)].join('\n\n')}\n`,
      );
    }
    return jobs.some((job) => job.record?.status === 'Quarantine') ? EXIT.jobFailed : EXIT.fine;
  } finally {
    await engine.close();
  }
}
