/**
 * Model-based: settings and mapping change between cycles, people are provisioned on demand, jobs are paused and restarted, while
 * directory and target do what they do in `convergence.test.ts`. At no moment anything is done that must never be done, and in the
 * end the target holds what the directory says under the last settings.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, test } from 'vitest';
import { play } from '../support/chaos/play.ts';
import { sequence } from '../support/chaos/steps.ts';

const SEQUENCES = Number(process.env.SCIMULATE_SEQUENCES ?? 60);

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test(`nothing is lost in ${SEQUENCES} sequences of changing settings`, { timeout: 7_200_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sequence, (steps) => play(folder, steps)),
    { numRuns: SEQUENCES, seed: Number(process.env.SCIMULATE_SEED ?? 20_260_101) },
  );
});
