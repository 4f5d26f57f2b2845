/** What the management API decided about jobs at run time: it stands above the configuration file (docs/adr/0007). */
import type { Instant } from './instant.ts';

/** Content of a mapping file, in the shape of `config/mapping-file.ts`. */
export type MappingContent = Readonly<Record<string, unknown>>;

export type ManagedJob = {
  readonly jobId: string;
  /** The application of the directory, one service principal each. */
  readonly application: string;
  readonly at: Instant;
} & (
  | {
      /** A job that no file knows. */
      readonly kind: 'created';
      readonly template: string;
      readonly mapping: MappingContent;
    }
  /** A job of the file that was deleted. */
  | { readonly kind: 'removed' }
  /** A job of the file under another schema. */
  | { readonly kind: 'changed'; readonly mapping: MappingContent }
);

/** One entry of Graph's `synchronization/secrets`: a credential or a switch of the application. */
export type Secret = { readonly key: string; readonly value: string };

/** Where credentials of the API stand: beside the state, not in it. */
export function secretsFolderOf(store: string): string {
  return `${store}.secrets`;
}

/** Name of the file there that keeps the tokens of a grant while they are renewed. */
export function tokenFileOf(servicePrincipalId: string): string {
  return `${servicePrincipalId}.token`;
}
