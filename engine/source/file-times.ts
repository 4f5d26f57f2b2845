/** What the times of a directory file tell without reading it. The file system keeps them by the machine's clock. */
import { type Stats, statSync } from 'node:fs';
import { MINUTE, SECOND } from '../model/instant.ts';
import type { Clock } from '../ports.ts';

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

/** Long enough to see somebody write, short enough for whoever edits a file and runs a cycle at once. */
const LOOK_AGAIN_MS = 300;
const LONGEST_WAIT_MS = MINUTE;

/**
 * For a cycle that starts now, whatever the file is like: one touched just now is looked at twice, and waited for while it changes.
 * @param onWait told once, when somebody is writing to it
 */
export async function untilWritten(
  path: string,
  { wait }: Pick<Clock, 'wait'>,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  if (isSettled(path)) return;
  const before = stampAt(path);
  await wait(LOOK_AGAIN_MS, signal);
  if (stampAt(path) === before) return;
  onWait();
  for (let waited = 0; waited < LONGEST_WAIT_MS && !isSettled(path); waited += LOOK_AGAIN_MS) {
    await wait(LOOK_AGAIN_MS, signal);
  }
}

function stampAt(path: string): string | undefined {
  const times = statSync(path, { throwIfNoEntry: false });
  return times === undefined ? undefined : stampOf(times);
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
