/** The applications of a directory file with their roles, read again when the file changed. */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Application } from '../model/application.ts';
import { parseDirectory } from './parse-directory.ts';
import { readDirectoryFile } from './read-content.ts';

/** Looks them up; empty while the file cannot be read, which the next cycle reports. */
export function followApplications(path: string): () => Promise<readonly Application[]> {
  let seen: string | undefined;
  let applications: readonly Application[] = [];
  return async () => {
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) return [];
    const present = `${facts.mtimeMs}:${facts.size}:${facts.ino}`;
    if (present === seen) return applications;
    applications = await readApplications(path).catch(() => []);
    seen = present;
    return applications;
  };
}

/** Tables and lines name applications by their assignments alone; the roles stand in YAML and JSON. */
async function readApplications(path: string): Promise<readonly Application[]> {
  if (!/^\.(ya?ml|json)$/i.test(extname(path))) {
    const { applications } = readDirectoryFile(path).content(undefined);
    return applications.map((name) => ({ name, roles: [] }));
  }
  const { applications } = parseDirectory(path, await readFile(path, 'utf8'));
  return applications.map(({ name, roles }) => ({ name, roles }));
}
