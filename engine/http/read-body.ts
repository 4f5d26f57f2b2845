/** The body of an answer as text: bounded in memory whatever the target sends, compressed or not. */
import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { EngineError } from '../model/engine-error.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

type BodyOptions = { readonly encoding: string | undefined; readonly limit: number; readonly url: string };

/**
 * The whole body; at once when it is there already. The bound counts decoded bytes, so that a small body that inflates to a
 * large one stops at it, too.
 * @throws EngineError `object` when it grows past `limit`, or is compressed in a way that cannot be read
 */
export function readBody(body: Readable | Buffer, options: BodyOptions): string | Promise<string> {
  if (Buffer.isBuffer(body) && isPlain(options.encoding)) return textOf(body);
  return decodedText(body, options);
}

async function decodedText(body: Readable | Buffer, options: BodyOptions): Promise<string> {
  const { limit, url } = options;
  const raw = Buffer.isBuffer(body) ? Readable.from([body]) : body;
  // Giving up on a body makes it emit an error when nobody waits for it any more.
  raw.on('error', () => undefined);
  const stream = decoded(raw, options);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLong(url, limit);
      chunks.push(chunk);
    }
  } catch (error) {
    raw.destroy();
    if (isDecodingError(error)) throw incompatible(`the answer of ${hostOf(url)} is damaged: ${error.message}`, PLAIN);
    throw error;
  }
  return textOf(Buffer.concat(chunks));
}

/** UTF-8, without the byte order mark that some servers write first: .NET drops it as well. */
function textOf(bytes: Buffer): string {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', isMarked ? 3 : 0);
}

function decoded(raw: Readable, { encoding, url }: BodyOptions): Readable {
  if (isPlain(encoding)) return raw;
  const name = encoding?.trim().toLowerCase() ?? '';
  const decoder = DECODERS[name]?.();
  if (decoder === undefined) {
    raw.destroy();
    throw incompatible(
      `the answer of ${hostOf(url)} is compressed as "${name.slice(0, 40)}", which was not asked for`,
      PLAIN,
    );
  }
  raw.on('error', (error) => decoder.destroy(error));
  return raw.pipe(decoder);
}

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding);
}

function isDecodingError(error: unknown): error is Error {
  const { code } = error instanceof Error ? (error as { code?: unknown }) : {};
  return typeof code === 'string' && /^(Z_|ERR__|ERR_BROTLI|ERR_PADDING)/.test(code);
}

const TOO_LONG =
  'the target should answer with one resource, or an empty list; target.maxResponseBytes raises the bound';
const PLAIN = 'the target should answer without compression';

/** What an answer past the bound fails its object with. */
export function tooLong(url: string, limit: number): EngineError {
  return incompatible(`the answer of ${hostOf(url)} is longer than ${limit} bytes`, TOO_LONG);
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function incompatible(message: string, remedy: string): EngineError {
  return new EngineError(message, {
    category: 'object',
    code: 'SystemForCrossDomainIdentityManagementServiceIncompatible',
    remedy,
  });
}
