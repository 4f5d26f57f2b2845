/** The kinds of directory a configuration can name: `directory.type` → how it is opened. */
import type { Directory } from '../ports.ts';
import { type FileDirectoryContext, openFileDirectory } from './file-directory.ts';

export type DirectorySettings = { readonly type: 'file'; readonly path: string };

/** The directory as one application sees it; its change feed lives in `feeds`. */
export function openDirectory(settings: DirectorySettings, context: Omit<FileDirectoryContext, 'feed'>): Directory {
  return openFileDirectory(settings.path, { ...context, feed: `file:${settings.path}#${context.application ?? ''}` });
}
