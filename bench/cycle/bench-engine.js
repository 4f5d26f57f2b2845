/** An engine on a generated directory, with the shipped mapping, in a folder of its own. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeEngine } from '../../dist/engine/compose.js';
import { loadConfiguration } from '../../dist/engine/config/load-config.js';
import { openStore } from '../../dist/engine/store/index.js';

export const JOB = 'bench';
export const JOB_TOKEN = 'bench-token';
const MAPPING = fileURLToPath(new URL('../../mappings/scim.yaml', import.meta.url));

/**
 * Opens the engine.
 * @param options origin: of the server; directory: a generated one; store: `file` (default), `memory` or a Store;
 * target: further keys of the configuration
 */
export async function openBenchEngine({ origin, directory, store = 'file', target = {}, onExchange }) {
  const folder = mkdtempSync(join(tmpdir(), 'scimulate-bench-'));
  copyFileSync(MAPPING, join(folder, 'mapping.yaml'));
  writeFileSync(join(folder, 'directory.json'), '{}');
  const auth = { type: 'bearer', token: '${env:BENCH_TOKEN}' };
  const job = { name: JOB, mappings: './mapping.yaml', target: { url: `${origin}/scim`, auth, ...target } };
  const config = {
    tenantId: '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b',
    store: './state.db',
    directory: { type: 'file', path: './directory.json' },
    jobs: [job],
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const { configuration, diagnostics } = await loadConfiguration(join(folder, 'config.json'), {
    BENCH_TOKEN: JOB_TOKEN,
  });
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  const opened = typeof store === 'string' ? await openStore(store === 'file' ? configuration.store : store) : store;
  const engine = composeEngine(configuration, opened, {
    directory: () => directory,
    ...(onExchange === undefined ? {} : { onExchange }),
  });
  return {
    engine,
    store: opened,
    jobId: configuration.jobs[0].jobId,
    sync: async (options) => {
      const result = await engine.sync(JOB, options);
      if (result.error !== undefined) throw result.error;
      if (result.cycle.counts.failed > 0) throw new Error(`${result.cycle.counts.failed} objects failed`);
      return result;
    },
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
