/** Where the management API has the last word over the file, for people who read the file (docs/adr/0007). */
import type { Configuration } from '../config/configuration.ts';
import type { Managed } from './overlay-configuration.ts';

export type ApiDecision = {
  /** Position of the job in the file. */
  readonly index: number;
  readonly name: string;
  readonly what: 'removed' | 'replaced' | 'mapping' | 'credentials';
  /** One sentence, with what to do about it. */
  readonly summary: string;
};

/** In order of the file. */
export function apiDecisions(written: Configuration, managed: Managed): readonly ApiDecision[] {
  return written.jobs.flatMap(({ jobId, name, application }, index): readonly ApiDecision[] => {
    const decided = managed.jobs.find((one) => one.jobId === jobId);
    const found: ApiDecision[] = [];
    if (decided?.kind === 'removed') {
      const summary = `The API removed "${name}" (${decided.at}): it does not run. Remove it here too, or give it another name to run it again.`;
      return [{ index, name, what: 'removed', summary }];
    }
    if (decided?.kind === 'created') {
      const summary = `The API replaced "${name}" by a job of its own (${decided.at}): what is written here does not count. Remove it here.`;
      return [{ index, name, what: 'replaced', summary }];
    }
    if (decided?.kind === 'changed') {
      const summary = `The API set the mapping of "${name}" (${decided.at}): that of the file is not used. Take it over with: scimulate schema export --job "${name}".`;
      found.push({ index, name, what: 'mapping', summary });
    }
    if ((managed.secrets.get(application) ?? []).length > 0) {
      const summary = `The API set credentials or switches of "${application}": they stand above those of the file. PUT an empty list of secrets to go back.`;
      found.push({ index, name, what: 'credentials', summary });
    }
    return found;
  });
}
