/** Tokens that outlive the process: one small file, readable by its owner alone, replaced whole. */
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { EngineError } from '../../model/engine-error.ts';

type KeptTokens = {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
};

export type TokenFile = {
  /** What was kept; undefined when nothing was, or for another consent. @throws EngineError `configuration` */
  readonly read: () => KeptTokens | undefined;
  /** @throws EngineError `configuration`, `token-file-unwritable` */
  readonly assertWritable: () => void;
  readonly write: (tokens: KeptTokens) => void;
};

type Content = KeptTokens & { readonly formatVersion: 1; readonly grant: string };

/** @param grant what the consent consists of; tokens of an earlier one are not used */
export function openTokenFile(path: string, grant: string): TokenFile {
  const fingerprint = createHash('sha256').update(grant).digest('base64url');
  return {
    read: () => {
      const content = readContent(path);
      return content?.grant === fingerprint ? content : undefined;
    },
    assertWritable: () => {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        accessSync(dirname(path), constants.W_OK);
      } catch (error) {
        throw unusable(
          path,
          'token-file-unwritable',
          'its folder cannot be written',
          'give the folder to this user',
          error,
        );
      }
    },
    write: ({ refreshToken, accessToken, expiresAt }) => {
      const content: Content = { formatVersion: 1, grant: fingerprint, refreshToken, accessToken, expiresAt };
      const draft = `${path}.${randomUUID()}`;
      try {
        writeFileSync(draft, JSON.stringify(content), { mode: 0o600, flag: 'wx', flush: true });
        renameSync(draft, path);
      } catch (error) {
        rmSync(draft, { force: true });
        throw unusable(
          path,
          'token-file-unwritable',
          'it cannot be written',
          'make room, or give it to this user',
          error,
        );
      }
    },
  };
}

function readContent(path: string): Content | undefined {
  let content: unknown;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    // Windows has no such bits; its folders keep others out.
    if (platform !== 'win32' && (stats.mode & 0o077) !== 0) throw readableByOthers(path);
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw error instanceof EngineError
      ? error
      : unusable(path, 'token-file-damaged', 'it cannot be read', REMOVE, error);
  }
  if (isContent(content)) return content;
  throw unusable(path, 'token-file-damaged', 'it holds no tokens', REMOVE);
}

function readableByOthers(path: string): EngineError {
  return unusable(path, 'token-file-open', 'others can read it', `run: chmod 600 ${path}`);
}

const REMOVE = 'remove it, consent again at the application, and set its new refresh token as target.auth.refreshToken';

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null) return false;
  const { grant, refreshToken, accessToken, expiresAt } = value as Partial<Record<keyof Content, unknown>>;
  const texts = [grant, refreshToken, accessToken];
  return texts.every((text) => typeof text === 'string') && typeof expiresAt === 'number';
}

function unusable(path: string, code: string, why: string, remedy: string, cause?: unknown): EngineError {
  return new EngineError(`the token file ${path}: ${why}`, { category: 'configuration', code, remedy, cause });
}
