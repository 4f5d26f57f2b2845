/** A line of progress on a terminal; nothing anywhere else. */
import type { Io } from '../io.ts';

const BAR_COLUMNS = 24;

export type ProgressBar = { readonly update: (done: number, total: number) => void; readonly clear: () => void };

/** @param job what is under way @param unit what is counted */
export function progressBar(io: Io, job: string, quiet: boolean, unit = 'pages'): ProgressBar {
  if (!io.isTerminal || quiet) return { update: () => undefined, clear: () => undefined };
  return {
    update: (done, total) => {
      const filled = total === 0 ? BAR_COLUMNS : Math.round((done / total) * BAR_COLUMNS);
      io.err(`\r${job}  ${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}  ${done}/${total} ${unit}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
