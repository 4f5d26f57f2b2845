/** The kinds of directory a configuration can name: `directory.type` → how it is opened. */
import type { Directory } from '../ports.ts';
import { type FileDirectoryContext, openFileDirectory } from './file-directory.ts';
import { whenTouched } from './file-times.ts';
import { directoryFingerprint } from './read-content.ts';

export type DirectorySettings = { readonly type: 'file'; readonly path: string; readonly mayBeEmpty: boolean };

/** The directory as one application sees it; its change feed lives in `feeds`. */
export function openDirectory(
  settings: DirectorySettings,
  context: Omit<FileDirectoryContext, 'feed' | 'mayBeEmpty'>,
): Directory {
  const { path, mayBeEmpty } = settings;
  return openFileDirectory(path, { ...context, mayBeEmpty, feed: `file:${path}#${context.application ?? ''}` });
}

/** Hash of a directory file for as long as nobody touches it, for the directories that one job opens. */
export function rememberedFingerprint(): (path: string) => string {
  return whenTouched(directoryFingerprint);
}
