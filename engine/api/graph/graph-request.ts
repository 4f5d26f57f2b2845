/** A request after its URL is understood, and what handlers get and give. */
import type { ApiKey, Configuration } from '../../config/configuration.ts';
import type { YamlMapping } from '../../config/mapping-file.ts';
import type { Engine } from '../../engine.ts';
import type { Template } from '../../manage/templates.ts';
import type { Application } from '../../model/application.ts';
import type { Clock, Ids, SecretStore, Store } from '../../ports.ts';
import type { QueryOptions } from './query-options.ts';
import { ok, type Reply } from './reply.ts';

export type GraphVersion = 'v1.0' | 'beta';

export type Progress = { readonly completed: number; readonly total: number; readonly at: string };

/** What the API stands on. */
export type GraphPorts = {
  /** The configuration as it runs now, and as the file says. */
  readonly look: () => Promise<{ readonly configuration: Configuration; readonly written: Configuration }>;
  /** An engine of its own for a configuration: it must not take the lease from a cycle of the daemon. */
  readonly engineOf: (configuration: Configuration) => Engine;
  readonly store: Store;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly applications: () => Promise<readonly Application[]>;
  readonly templates: (written: Configuration) => Promise<readonly Template[]>;
  readonly readMapping: (path: string) => Promise<YamlMapping | undefined>;
  /** Pages of the cycle that runs. */
  readonly progress: (jobName: string) => Progress | undefined;
  /** For the daemon's own log: what was changed, and by whom. */
  readonly note: (message: string, fields: Readonly<Record<string, string>>) => void;
  /** For the same: what deserves a look. */
  readonly warn: (message: string, fields: Readonly<Record<string, string>>) => void;
};

export type GraphContext = GraphPorts & {
  readonly version: GraphVersion;
  /** `http://127.0.0.1:9464/v1.0`: what contexts and links start with. */
  readonly root: string;
  /** Path as it was called, for links. */
  readonly path: string;
  /** Keys of the path by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: QueryOptions;
  /** The body, parsed; `{}` when there is none. @throws GraphError 400 */
  readonly body: () => Promise<unknown>;
  readonly caller: ApiKey;
  readonly configuration: Configuration;
  readonly written: Configuration;
  readonly engine: Engine;
  readonly signal: AbortSignal;
};

export type Handler = (context: GraphContext) => Promise<Reply>;

/** A collection with its context. */
export function collection(context: GraphContext, of: string, value: readonly unknown[]): Reply {
  return ok({ '@odata.context': `${context.root}/$metadata#${of}`, value });
}
