/** A line of progress on a terminal; nothing anywhere else. */
import type { Io } from '../io.ts';
import { cut } from './text-width.ts';

const BAR_COLUMNS = 24;

export type ProgressBar = {
  /** @param kind of the cycle, when it is one that is under way */
  readonly update: (done: number, total: number, kind?: string) => void;
  readonly clear: () => void;
};

/** @param job what is under way @param unit what is counted */
export function progressBar(io: Io, job: string, quiet: boolean, unit = 'pages'): ProgressBar {
  if (!io.isTerminal || quiet) return { update: () => undefined, clear: () => undefined };
  return {
    update: (done, total, kind) => {
      const filled = total === 0 ? BAR_COLUMNS : Math.round((done / total) * BAR_COLUMNS);
      const line = `${job}  ${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}  ${done}/${total} ${unit}${kind === undefined ? '' : ` · ${kind} cycle`}`;
      // A line that wraps could not be drawn over.
      io.err(`\r${cut(line, Math.max(10, io.width - 1))}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
