/** Runs the built command line as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCli as runInProcess } from '../../engine/cli/main.ts';

const MAIN = fileURLToPath(new URL('../../dist/engine/cli/main.js', import.meta.url));

export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type CliOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs. */
  readonly onStart?: (child: ChildProcess) => void;
};

/** What `scimulate …args` printed and how it ended; code null when it was killed. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, NO_COLOR: '1', SCIM_TOKEN: 'test-token', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    options.onStart?.(child);
  });
}

export type InProcessResult = { readonly code: number; readonly out: string; readonly err: string };

/** The same within this process, from source: quick, and without a build. */
export async function runAs(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    /** Columns of the terminal. */
    readonly width?: number;
    /** Told each text as it is printed. */
    readonly onOut?: (text: string) => void;
  } = {},
): Promise<InProcessResult> {
  let out = '';
  let err = '';
  const code = await runInProcess(args, {
    out: (text) => {
      out += text;
      options.onOut?.(text);
    },
    err: (text) => {
      err += text;
    },
    env: { SCIM_TOKEN: 'test-token', ...options.env },
    cwd: options.cwd ?? process.cwd(),
    width: options.width ?? 120,
    isTerminal: false,
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, out, err };
}
