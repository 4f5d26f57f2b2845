/**
 * Credentials of the management API: one file per service principal in a folder beside the state, readable by its owner alone
 * (docs/adr/0007). A file is replaced in one step, so a reader sees the old set or the new one.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../model/engine-error.ts';
import { type Secret, secretsFolderOf, tokenFileOf } from '../model/managed-job.ts';
import type { SecretStore } from '../ports.ts';

/** Bits of a file's mode that let others in. */
const OTHERS = 0o077;

/** Secrets of the state at `location`: a path, or `memory`. Makes nothing until something is put. */
export function openSecrets(location: string): SecretStore {
  return location === 'memory' ? inMemory() : inFolder(secretsFolderOf(location));
}

function inMemory(): SecretStore {
  const sets = new Map<string, readonly Secret[]>();
  let changes = 0;
  return {
    get: async (id) => sets.get(id) ?? [],
    put: async (id, secrets) => {
      changes += 1;
      sets.set(id, secrets);
    },
    fingerprint: async () => String(changes),
  };
}

function inFolder(folder: string): SecretStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  return {
    get: async (id) => {
      const path = pathOf(id);
      try {
        await refuseExposed(path);
        return JSON.parse(await readFile(path, 'utf8')) as readonly Secret[];
      } catch (error) {
        if (isMissing(error)) return [];
        throw error instanceof EngineError ? error : unreadable(path, error);
      }
    },
    put: async (id, secrets) => {
      const path = pathOf(id);
      try {
        if (secrets.length === 0) {
          for (const old of [path, join(folder, tokenFileOf(id))]) await rm(old, { force: true });
          return;
        }
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const fresh = `${path}.${process.pid}.new`;
        // A file left behind by a killed process would keep its own mode.
        await rm(fresh, { force: true });
        await writeFile(fresh, JSON.stringify(secrets), { mode: 0o600, flag: 'wx' });
        await rename(fresh, path);
      } catch (error) {
        throw unwritable(folder, error);
      }
    },
    fingerprint: async () => {
      const names = await readdir(folder).catch(() => []);
      const facts = names
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => {
          const found = await stat(join(folder, name)).catch(() => undefined);
          return `${name}:${found?.ctimeMs}:${found?.ino}`;
        });
      return (await Promise.all(facts)).toSorted().join('|');
    },
  };
}

/** As ssh does with keys: what others can read is no secret any more. Windows has no such bits. */
async function refuseExposed(path: string): Promise<void> {
  const { mode } = await stat(path);
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
  throw new EngineError(`other users of this machine can read the credentials in ${path}`, {
    category: 'configuration',
    code: 'secrets-exposed',
    remedy: `take their rights away: chmod 600 ${path}; and replace the credentials at the application`,
  });
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ENOENT';
}

function unreadable(path: string, cause: unknown): EngineError {
  return new EngineError(
    `the credentials in ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    {
      category: 'configuration',
      code: 'secrets-unreadable',
      remedy: 'remove the file and put the credentials again: PUT …/synchronization/secrets',
      cause,
    },
  );
}

function unwritable(folder: string, cause: unknown): EngineError {
  return new EngineError(`credentials cannot be kept in ${folder}: ${cause instanceof Error ? cause.message : cause}`, {
    category: 'job',
    code: 'secrets-unwritable',
    remedy: 'let the daemon write there; the credentials were not taken over',
    cause,
  });
}
