/** The built daemon as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));

/** A line of its log. */
type Line = {
  readonly msg: string;
  readonly kind?: string;
  readonly level: number;
  readonly findings?: string;
  readonly listen?: string;
};

export type Daemon = {
  readonly child: ChildProcess;
  readonly lines: () => readonly Line[];
  /** How many cycles it has finished. */
  readonly cycles: () => number;
  /** What it printed, and how it ended, for a person who looks into a failure. */
  readonly told: () => string;
  /** When it stands ready, or has ended. */
  readonly started: Promise<void>;
  readonly ended: Promise<number | null>;
};

/** Starts a daemon on the configuration in `folder`. */
export function startDaemon(folder: string): Daemon {
  const child = spawn(process.execPath, [MAIN, 'daemon', '--log-format', 'json'], {
    cwd: folder,
    env: { ...process.env, SCIM_TOKEN: 'test-token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const started = new Promise<void>((done) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('daemon started')) done();
    });
    child.on('close', () => done());
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
  const lines = () =>
    out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  return {
    child,
    lines,
    cycles: () => lines().filter(({ msg }) => msg === 'cycle finished').length,
    told: () => `process ${child.pid}, ended with ${child.exitCode ?? child.signalCode}:\n${out}${err}`,
    started,
    ended,
  };
}
