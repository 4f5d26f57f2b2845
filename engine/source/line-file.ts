/** A file read line by line, or one line of it, without holding the rest: large directories do not fit in memory. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

export type Line = {
  /** From 1. */
  readonly number: number;
  /** Where it begins, in bytes. */
  readonly start: number;
  /** Bytes, the line end left out. */
  readonly length: number;
  readonly text: string;
};

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** Lines that are not blank, in the order of the file. */
export function* linesOf(path: string): Generator<Line> {
  let number = 0;
  let start = 0;
  let pieces: Buffer[] = [];
  const line = (): Line => {
    const [only = Buffer.alloc(0)] = pieces;
    const bytes = pieces.length < 2 ? only : Buffer.concat(pieces);
    pieces = [];
    number += 1;
    const one = { number, start, length: bytes.length, text: bytes.toString('utf8') };
    start += bytes.length + 1;
    return one;
  };
  for (const chunk of chunksOf(path)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      pieces.push(chunk.subarray(from, end));
      from = end + 1;
      const one = line();
      if (one.text.trim() !== '') yield one;
    }
    // The chunk is overwritten by the next one.
    if (from < chunk.length) pieces.push(Buffer.from(chunk.subarray(from)));
  }
  const last = line();
  if (last.text.trim() !== '') yield last;
}

/** The bytes from `start` on as text; shorter when the file ends before. */
export function readAt(path: string, start: number, length: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, start));
  } finally {
    closeSync(file);
  }
}

/** Hash of the whole file. */
export function hashFile(path: string): string {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(path)) hash.update(chunk);
  return hash.digest('base64url');
}

/** The file in pieces; a piece is good until the next one is asked for. */
function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) yield buffer.subarray(0, size);
  } finally {
    closeSync(file);
  }
}
