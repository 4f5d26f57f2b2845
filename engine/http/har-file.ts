/**
 * Exchanges as an HTTP archive (HAR 1.2), written one by one: the file is whole after every entry, whatever ends the run,
 * and memory does not grow with it.
 */
import { closeSync, fchmodSync, openSync, readSync, writeSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { EngineError } from '../model/engine-error.ts';
import { PRODUCT } from '../model/product.ts';
import type { Exchange, RecordExchange } from './exchange.ts';

export type HarFile = {
  /** Takes exchanges that hold no secrets any more; `openTransport` gives such. */
  readonly record: RecordExchange;
  /** @throws EngineError `job`, `recording-incomplete`, when an entry could not be written */
  readonly close: () => void;
};

const HAR_START = '{"log":';
const TAIL = '\n]}}\n';

/**
 * A new archive in place of an older one, readable by its owner alone.
 * @throws EngineError `configuration`: `recording-unwritable`, `no-recording` when the file is something else
 */
export function openHarFile(path: string): HarFile {
  const file = openForWriting(path);
  const log = { version: '1.2', creator: PRODUCT };
  const head = `${HAR_START}${JSON.stringify(log).slice(0, -1)},"entries":[`;
  let end = 0;
  let separator = '\n';
  let failure: unknown;
  // One write per entry: the closing brackets go along and are written over by the next one.
  const append = (text: string) => {
    const bytes = Buffer.from(`${text}${TAIL}`);
    writeSync(file, bytes, 0, bytes.length, end);
    end += bytes.length - TAIL.length;
  };
  append(head);
  return {
    record: (exchange) => {
      if (failure !== undefined) return;
      try {
        append(`${separator}${JSON.stringify(entryOf(exchange))}`);
        separator = ',\n';
      } catch (error) {
        failure = error;
      }
    },
    close: () => {
      closeSync(file);
      if (failure !== undefined) throw incomplete(path, failure);
    },
  };
}

/** One exchange as an entry of the archive (HAR 1.2, "entries"). */
function entryOf({ startedAt, durationMs, request, response, failure }: Exchange): object {
  const url = new URL(request.url);
  return {
    startedDateTime: startedAt,
    time: durationMs,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(Object.entries(request.headers)),
      queryString: pairs([...url.searchParams]),
      ...(request.body === undefined ? {} : { postData: postData(request.headers, request.body) }),
      headersSize: -1,
      bodySize: Buffer.byteLength(request.body ?? ''),
    },
    response: {
      status: response?.status ?? 0,
      statusText: STATUS_CODES[response?.status ?? 0] ?? '',
      httpVersion: response === undefined ? '' : 'HTTP/1.1',
      cookies: [],
      headers: pairs(Object.entries(response?.headers ?? {})),
      content: {
        size: Buffer.byteLength(response?.text ?? ''),
        mimeType: response?.headers['content-type'] ?? '',
        text: response?.text ?? '',
      },
      redirectURL: response?.headers.location ?? '',
      headersSize: -1,
      bodySize: response === undefined ? -1 : Buffer.byteLength(response.text),
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    ...(failure === undefined ? {} : { comment: failure }),
  };
}

function postData(headers: Readonly<Record<string, string>>, text: string): object {
  const mimeType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return { mimeType, text };
}

function pairs(entries: readonly (readonly [string, string])[]): readonly object[] {
  return entries.map(([name, value]) => ({ name, value }));
}

function openForWriting(path: string): number {
  if (isSomethingElse(path)) {
    throw new EngineError(`${path} exists and is no recording; it was left as it is`, {
      category: 'configuration',
      code: 'no-recording',
      remedy: 'give --har another name',
    });
  }
  try {
    const file = openSync(path, 'w', 0o600);
    // An older file keeps its mode when it is opened.
    fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    throw new EngineError(`the recording ${path} cannot be written: ${describe(error)}`, {
      category: 'configuration',
      code: 'recording-unwritable',
      remedy: 'give --har a file in a folder that exists and is yours',
      cause: error,
    });
  }
}

/** A slip such as `--har config.yaml` must not cost the configuration. */
function isSomethingElse(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const start = Buffer.alloc(HAR_START.length);
    return readSync(file, start) > 0 && start.toString() !== HAR_START;
  } catch {
    // It does not exist, or cannot be read: opening it for writing says so better.
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function incomplete(path: string, cause: unknown): EngineError {
  return new EngineError(`the recording ${path} is incomplete: ${describe(cause)}`, {
    category: 'job',
    code: 'recording-incomplete',
    remedy: 'make room on the disk; everything but the recording is as it should be',
    cause,
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
