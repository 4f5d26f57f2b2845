/**
 * An engine that follows its files and the management API: a changed configuration, mapping or decision of the API takes effect at
 * the next look, a broken one never does.
 */
import { stat } from 'node:fs/promises';
import { composeEngine, type OpenOptions, type RunningEngine } from './compose.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load-config.ts';
import type { Engine } from './engine.ts';
import { overlayConfiguration } from './manage/overlay-configuration.ts';
import { readManaged } from './manage/read-managed.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { EngineError } from './model/engine-error.ts';
import type { SecretStore, Store } from './ports.ts';

export type Look = {
  readonly engine: Engine;
  /** What runs. */
  readonly configuration: Configuration;
  /** What the file says. */
  readonly written: Configuration;
  /** The files changed since the last look, and were taken over. */
  readonly reloaded: boolean;
  /** Why a change was not taken over; the engine is still the one before. */
  readonly refused?: readonly Diagnostic[];
};

export type Followed = Omit<RunningEngine, 'record'>;

/**
 * Follows what `opened` was made of.
 * Cycles that run finish with the rules they began with (cycle.md D-37).
 */
export function followFiles(opened: Followed, options: OpenOptions): { readonly look: () => Promise<Look> } {
  const { store, secrets } = opened;
  let { engine, configuration, written } = opened;
  let seenFiles: string | undefined;
  let seenDecisions: string | undefined;

  const lookAtFiles = async (): Promise<Pick<Look, 'reloaded' | 'refused'>> => {
    const present = await fingerprint(written);
    const unchanged = seenFiles === undefined || seenFiles === present;
    seenFiles = present;
    if (unchanged) return { reloaded: false };
    const loaded = await loadConfiguration(written.path, options.env ?? process.env);
    if (loaded.configuration === undefined) return { reloaded: false, refused: loaded.diagnostics };
    if (loaded.configuration.store !== written.store) return { reloaded: false, refused: [otherStore(written)] };
    written = loaded.configuration;
    seenFiles = await fingerprint(written);
    return { reloaded: true };
  };

  const look = async (): Promise<Look> => {
    const files = await lookAtFiles();
    const decisions = await decisionsOf(store, secrets);
    const changed = files.reloaded || (seenDecisions !== undefined && seenDecisions !== decisions);
    seenDecisions = decisions;
    if (changed) {
      try {
        configuration = overlayConfiguration(written, await readManaged(written, store, secrets));
        engine = composeEngine(configuration, store, options);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        return { engine, configuration, written, reloaded: false, refused: [unusable(written, error)] };
      }
    }
    return { engine, configuration, written, ...files };
  };

  // One look at a time: the daemon and its API look independently of each other.
  let last: Promise<unknown> = Promise.resolve();
  return {
    look: () => {
      const next = last.then(look, look);
      last = next;
      return next;
    },
  };
}

/** Sizes and times of the configuration file and its mappings. */
async function fingerprint(written: Configuration): Promise<string> {
  const files = [written.path, ...written.jobs.flatMap(({ mappingPath }) => mappingPath ?? [])];
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

async function decisionsOf(store: Store, secrets: SecretStore): Promise<string> {
  return `${JSON.stringify(await store.managedJobs())}|${await secrets.fingerprint()}`;
}

function otherStore({ path }: Configuration): Diagnostic {
  const summary = 'The store changed. Stop the daemon and start it again: running jobs cannot move to another state.';
  return { severity: 'error', code: 'store-changed', summary, at: { file: path, line: 1, column: 1, length: 1 } };
}

function unusable({ path }: Configuration, { message, code, remedy }: EngineError): Diagnostic {
  const summary = `What the API decided cannot be taken over: ${message}${remedy === undefined ? '' : `. ${remedy}`}.`;
  return { severity: 'error', code, summary, at: { file: path, line: 1, column: 1, length: 1 } };
}
