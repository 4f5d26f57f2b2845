/** What the management API decided, from where it is kept. */
import type { Configuration } from '../config/configuration.ts';
import { servicePrincipalIdOf } from '../config/job-id.ts';
import type { Secret } from '../model/managed-job.ts';
import type { SecretStore, Store } from '../ports.ts';
import { applicationsOf, type Managed } from './overlay-configuration.ts';

/** @throws EngineError `configuration`: `secrets-exposed`, `secrets-unreadable` */
export async function readManaged(written: Configuration, store: Store, secrets: SecretStore): Promise<Managed> {
  const jobs = await store.managedJobs();
  const found = new Map<string, readonly Secret[]>();
  for (const application of applicationsOf(written, jobs)) {
    const set = await secrets.get(servicePrincipalIdOf(written.tenantId, application));
    if (set.length > 0) found.set(application, set);
  }
  return { jobs, secrets: found };
}
