/** Where a command reads and writes: results to `out`, everything else to `err`. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Columns of the terminal; 120 when there is none. */
  readonly width: number;
  readonly isTerminal: boolean;
  /** Asks the person at the terminal; undefined when nobody is there to answer. */
  readonly ask?: (question: string) => Promise<string>;
  /** Results are read by a program: a line per record, however long. */
  readonly isPiped?: boolean;
  /** Aborted when nobody reads the results any more, as in `scimulate logs --follow | head`. */
  readonly outputClosed?: AbortSignal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
};
