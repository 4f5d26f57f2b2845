/** `accounts`: every account of the target beside the directory; who matches, who is nobody, who would be locked out. */
import type { Accounts } from '../../engine.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { accountsHuman } from '../views/accounts-human.ts';

export type AccountsOptions = ConfigOption & {
  readonly job?: string;
  /** Fails when somebody would be locked out. */
  readonly beforeSignOn: boolean;
  readonly json: boolean;
};

export async function accounts(io: Io, options: AccountsOptions): Promise<ExitCode> {
  const { engine } = await openToLook(io, options);
  const results: Accounts[] = [];
  try {
    for (const job of chosenJobs(engine, options.job)) results.push(await engine.accounts(job, { signal: io.signal }));
  } finally {
    await engine.close();
  }
  if (options.json) io.out(jsonDocument({ jobs: results }));
  else io.out(`${results.map(accountsHuman).join('\n\n')}\n`);
  const isSafe = results.every(({ lockedOut }) => lockedOut.length === 0);
  return options.beforeSignOn && !isSafe ? EXIT.objectsFailed : EXIT.fine;
}
