/** The management API on an opened engine: its ports made of what the daemon has. */
import { composeEngine, followDirectory, type OpenOptions, type RunningEngine } from '../compose.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Engine } from '../engine.ts';
import { systemClock } from '../host/clock.ts';
import { randomIds } from '../host/ids.ts';
import { shipped } from '../host/package-folder.ts';
import { listTemplates, readMapping, type Template } from '../manage/templates.ts';
import type { Look } from '../reload.ts';
import { createGraphApp, type GraphApp } from './graph/graph-app.ts';
import type { GraphPorts } from './graph/graph-request.ts';

export type GraphOptions = OpenOptions &
  Pick<GraphPorts, 'progress' | 'note' | 'warn'> & { readonly look: () => Promise<Look> };

export function openGraph(
  opened: Pick<RunningEngine, 'store' | 'secrets' | 'written'>,
  options: GraphOptions,
): GraphApp {
  const { store, secrets, written } = opened;
  const { look, progress, note, warn } = options;
  return createGraphApp({
    look,
    engineOf: lastOne((configuration: Configuration): Engine => composeEngine(configuration, store, options)),
    store,
    secrets,
    clock: options.clock ?? systemClock,
    ids: options.ids ?? randomIds,
    applications: followDirectory(written),
    templates: lastOne(
      (present: Configuration): Promise<readonly Template[]> => listTemplates(shipped('mappings'), present),
    ),
    readMapping,
    progress,
    note,
    warn,
  });
}

/** `make`, remembering the result for the last argument: most requests come without a change between them. */
function lastOne<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
