/** This process as a lease holder: its name, its heartbeat, and whether another one on this host still lives. */
import { hostname } from 'node:os';
import process from 'node:process';

/** `host:pid:random`. */
export function processHolder(random: string): string {
  return `${hostname()}:${process.pid}:${random}`;
}

/** True when the holder was a process of this host that has ended. Holders elsewhere are never known to be gone. */
export function isHolderGone(holder: string): boolean {
  const match = /^(.*):(\d+):[^:]*$/.exec(holder);
  if (match === null || match[1] !== hostname()) return false;
  try {
    process.kill(Number(match[2]), 0);
    return false;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Beats in real time without keeping the process alive. */
export function systemHeartbeat(beat: () => void, everyMs: number): () => void {
  const timer = setInterval(beat, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
