/** Findings with place, reason and the line concerned, a caret below. */
import { relative } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { colour } from '../colour.ts';
import type { Io } from '../io.ts';
import type { NextCommand } from '../next-command.ts';
import { cut, cutStart, NARROWEST, textWidth } from './text-width.ts';

/** Where they are read: paths are relative to `cwd`. */
type Reader = Pick<Io, 'cwd' | 'width'>;

/** All findings, without a summary line. */
export function diagnosticsHuman(diagnostics: readonly Diagnostic[], reader: Reader): string {
  return diagnostics.map((diagnostic) => one(diagnostic, reader)).join('\n');
}

const LISTED_FINDINGS = 10;

/** What is wrong with objects of a directory, each cycle anew: the first few, and where to see all. Ends a line, or is empty. */
export function directoryFindings(diagnostics: readonly Diagnostic[], reader: Reader, next: NextCommand): string {
  if (diagnostics.length === 0) return '';
  const listed = diagnosticsHuman(diagnostics.slice(0, LISTED_FINDINGS), reader);
  const more = diagnostics.length - LISTED_FINDINGS;
  return more > 0 ? `${listed}\n… and ${more.toLocaleString('en-US')} more: ${next('validate')}\n` : `${listed}\n`;
}

/** `2 errors, 0 warnings in 3 files`. */
export function diagnosticsTotal(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

function one({ severity, code, summary, sourceLine, at }: Diagnostic, { cwd, width }: Reader): string {
  const place = `${relative(cwd, at.file) || at.file}:${at.line}:${at.column}`;
  const head = `${place}  ${severity === 'error' ? colour.red('error') : colour.yellow('warning')}  ${code}`;
  if (sourceLine === undefined || sourceLine.trim() === '') return `${head}\n  ${summary}`;
  const [line, caret] = excerpt(sourceLine, at, Math.max(NARROWEST, width - INDENT.length));
  return `${head}\n  ${summary}\n${INDENT}${colour.dim(line)}\n${INDENT}${caret}`;
}

const INDENT = ' '.repeat(6);

/** What `width` columns hold of the line around the place, and carets below it: a terminal would break a longer one away from them. */
function excerpt(line: string, at: Diagnostic['at'], width: number): readonly [line: string, caret: string] {
  const from = at.column - 1;
  // A file of one line is not measured whole for each of its findings.
  const near = 4 * width;
  const before = line
    .slice(Math.max(0, from - near), from)
    .trimStart()
    .replaceAll('\t', ' ');
  const rest = line
    .slice(from, from + near)
    .trimEnd()
    .replaceAll('\t', ' ');
  // A place far to the right keeps half of the columns for what leads to it.
  const lead = cutStart(before, Math.max(Math.floor(width / 2), width - textWidth(rest)));
  const column = textWidth(lead);
  const carets = Math.max(1, Math.min(textWidth(rest.slice(0, at.length)), width - column));
  return [cut(lead + rest, width), ' '.repeat(column) + '^'.repeat(carets)];
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
