/** An engine that follows its files: a changed configuration or mapping takes effect at the next look, a broken one never does. */
import { stat } from 'node:fs/promises';
import { composeEngine, type OpenedEngine, type OpenOptions } from './compose.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-config.ts';
import type { Engine } from './engine.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import type { Store } from './ports.ts';

export type Look = {
  readonly engine: Engine;
  readonly configuration: Configuration;
  /** The files changed since the last look: true when the engine is a new one. */
  readonly reloaded: boolean;
  /** Why a change was not taken over; the engine is still the one before. */
  readonly refused?: readonly Diagnostic[];
};

/**
 * Follows the files behind `opened`, an engine on `store`.
 * Cycles that run finish with the rules they began with (cycle.md D-37).
 */
export function followFiles(
  opened: Required<Pick<OpenedEngine, 'engine' | 'configuration'>>,
  store: Store,
  options: OpenOptions,
): { readonly look: () => Promise<Look> } {
  let { engine, configuration } = opened;
  let seen: string | undefined;
  return {
    look: async () => {
      const present = await fingerprint(configuration);
      const unchanged = seen === undefined || seen === present;
      seen = present;
      if (unchanged) return { engine, configuration, reloaded: false };
      const loaded = await loadConfiguration(configuration.path, options.env ?? process.env);
      if (loaded.configuration === undefined) {
        return { engine, configuration, reloaded: false, refused: loaded.diagnostics };
      }
      if (loaded.configuration.store !== configuration.store) {
        return { engine, configuration, reloaded: false, refused: [otherStore(configuration)] };
      }
      configuration = loaded.configuration;
      engine = composeEngine(configuration, store, options);
      seen = await fingerprint(configuration);
      return { engine, configuration, reloaded: true };
    },
  };
}

/** Sizes and times of the configuration file and its mappings. */
async function fingerprint(configuration: Configuration): Promise<string> {
  const files = [configuration.path, ...configuration.jobs.map((job) => job.mappingPath)];
  const facts = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`,
        () => 'gone',
      ),
    ),
  );
  return facts.join('|');
}

function otherStore({ path }: Configuration): Diagnostic {
  const summary = 'The store changed. Stop the daemon and start it again: running jobs cannot move to another state.';
  return { severity: 'error', code: 'store-changed', summary, at: { file: path, line: 1, column: 1, length: 1 } };
}
