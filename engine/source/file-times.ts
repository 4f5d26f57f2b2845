/** What the times of a directory file tell without reading it. The file system keeps them by the machine's clock. */
import { type Stats, statSync } from 'node:fs';
import { SECOND } from '../model/instant.ts';

/** Who writes a file pauses less long than this, and a file system's clock ticks more finely. */
const SETTLED_AFTER_MS = 2 * SECOND;

/**
 * Untouched for a while, or put there whole: a rename leaves a file that was changed later than written. One that is not there is
 * for the cycle to tell; one from the future says nothing.
 */
export function isSettled(path: string): boolean {
  const times = statSync(path, { throwIfNoEntry: false });
  return times === undefined || times.ctimeMs > times.mtimeMs || isLongAgo(times.mtimeMs);
}

/**
 * `fingerprintOf` that reads a file again only when it may have changed: a job that starts with a change asks every second, and
 * a large file takes most of one.
 */
export function whenTouched(fingerprintOf: (path: string) => string): (path: string) => string {
  let known: { readonly touched: string; readonly fingerprint: string } | undefined;
  return (path) => {
    const times = statSync(path);
    const touched = `${path}:${stampOf(times)}`;
    if (known?.touched === touched) return known.fingerprint;
    const fingerprint = fingerprintOf(path);
    // Written twice within one tick of that clock, a file has the same times.
    known = isLongAgo(times.ctimeMs) ? { touched, fingerprint } : undefined;
    return fingerprint;
  };
}

function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(':');
}

function isLongAgo(milliseconds: number): boolean {
  return Math.abs(Date.now() - milliseconds) >= SETTLED_AFTER_MS;
}
