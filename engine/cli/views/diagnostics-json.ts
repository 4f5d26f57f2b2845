/** Findings as `--json` prints them. */
import type { Diagnostic } from '../../model/diagnostic.ts';

/** A line is quoted as long as a person could have written it. */
const READABLE = 2000;

/** A file of one line, such as an export in JSON, would be in the document once for each of its findings. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { sourceLine = '', ...finding } = diagnostic;
    return sourceLine.length > READABLE ? finding : diagnostic;
  });
}
