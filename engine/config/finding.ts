/** What a check has to say about one place of a YAML file, before the place becomes line and column. */
import type { Diagnostic } from '../model/diagnostic.ts';

/** Keys and list positions from the top of the file to a value. */
export type KeyPath = readonly (string | number)[];

export type Finding = {
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  readonly summary: string;
  /** Underline the key instead of its value. */
  readonly atKey?: boolean;
  /** Characters into the text value. */
  readonly offset?: number;
  readonly length?: number;
};

/** Takes a finding about the value at `where`. */
export type Report = (where: KeyPath, finding: Finding) => void;

/** A finding that stops the job from running. */
export function errorFinding(code: string, summary: string): Finding {
  return { severity: 'error', code, summary };
}

/** A finding worth reading; the job runs. */
export function warningFinding(code: string, summary: string): Finding {
  return { severity: 'warning', code, summary };
}

/** A message of the core, written to follow a colon, as a sentence of its own. */
export function sentence(message: string): string {
  const capital = /^[a-z]+ /.test(message) ? `${message.charAt(0).toUpperCase()}${message.slice(1)}` : message;
  return /[.?!]$/.test(capital) ? capital : `${capital}.`;
}
