/** An application that is misspelt, in the directory or in the job, must not deprovision everybody. */
import { UNKNOWN_APPLICATION } from '../model/application.ts';
import { EngineError } from '../model/engine-error.ts';
import type { Cycle } from './cycle.ts';

/** @throws EngineError `job`, `ApplicationMissing`, when nobody is assigned for that reason and accounts are linked */
export async function assertAssignments({ job, ports: { directory, store } }: Cycle): Promise<void> {
  if (job.rules.scopeMode !== 'assigned') return;
  const missing = (await directory.problems()).find(({ code }) => code === UNKNOWN_APPLICATION);
  if (missing === undefined) return;
  const { User, Group } = await store.countLinks(job.jobId);
  if (User + Group === 0) return;
  throw new EngineError(`${missing.summary} Nothing was done, for ${User + Group} objects are linked`, {
    category: 'job',
    code: 'ApplicationMissing',
    remedy: 'if nobody is to be assigned, keep the application in the directory and take its assignments away',
  });
}
