/** Writes a file that an option names. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EngineError } from '../model/engine-error.ts';
import type { Io } from './io.ts';

/** @param option the one that named the file, e.g. `--junit`. @throws EngineError `configuration`, `file-unwritable` */
export async function writeResult(io: Io, option: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, file), text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(`${file} cannot be written: ${why}`, {
      category: 'configuration',
      code: 'file-unwritable',
      remedy: `give ${option} a file in a folder that exists and is yours`,
      cause,
    });
  }
}
