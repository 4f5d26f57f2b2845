/** `why REF`: one page on one object. */
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { whyHuman } from '../views/why-human.ts';

export type WhyOptions = ConfigOption & {
  readonly reference: string;
  readonly job?: string;
  readonly offline: boolean;
  readonly json: boolean;
};

export async function why(io: Io, options: WhyOptions): Promise<ExitCode> {
  const { engine } = await openToLook(io, options);
  try {
    const found = [];
    for (const job of chosenJobs(engine, options.job)) {
      found.push(await engine.why(job, options.reference, { offline: options.offline, signal: io.signal }));
    }
    if (options.json) io.out(jsonDocument({ jobs: found }));
    else io.out(`${found.map((one) => whyHuman(one, io.width, nextCommand(options.config))).join('\n\n')}\n`);
    return EXIT.fine;
  } finally {
    await engine.close();
  }
}
