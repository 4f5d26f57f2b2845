/** `verify`: reads every linked object back and compares it with what the engine believes it wrote. */
import { isConverged, type Verification } from '../../engine.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { nextCommand } from '../next-command.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { progressBar } from '../views/progress.ts';
import { verifyHuman } from '../views/verify-human.ts';
import { verificationJson } from '../views/verify-json.ts';

export type VerifyOptions = ConfigOption & { readonly job?: string; readonly json: boolean };

export async function verify(io: Io, options: VerifyOptions): Promise<ExitCode> {
  const { engine } = await openToLook(io, options);
  const results: Verification[] = [];
  try {
    for (const job of chosenJobs(engine, options.job)) {
      const bar = progressBar(io, job, options.json, 'objects');
      try {
        results.push(await engine.verify(job, { signal: io.signal, onProgress: bar.update }));
      } finally {
        bar.clear();
      }
    }
  } finally {
    await engine.close();
  }
  if (options.json) {
    io.out(jsonDocument({ jobs: results.map(verificationJson) }));
  } else
    io.out(`${results.map((result) => verifyHuman(result, io.width, nextCommand(options.config))).join('\n\n')}\n`);
  return results.every(isConverged) ? EXIT.fine : EXIT.objectsFailed;
}
