/** Findings about what the operator wrote: collected, sorted by place, each with what, where and what to do. */

export type Place = {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Characters to underline, at least 1. */
  readonly length: number;
};

export type Diagnostic = {
  readonly severity: 'error' | 'warning';
  /** kebab-case and stable. */
  readonly code: string;
  /** One sentence or two: what is wrong and what to do. */
  readonly summary: string;
  /** The line of source text concerned, when there is one; `at.column` points into it. */
  readonly sourceLine?: string;
  readonly at: Place;
};

/** Files in order of name, findings in order of place. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      a.at.file.localeCompare(b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      a.code.localeCompare(b.code),
  );
}
