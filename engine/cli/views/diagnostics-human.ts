/** Findings with place, reason and the line concerned, a caret below. */
import { relative } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { colour } from '../colour.ts';
import type { NextCommand } from '../next-command.ts';

/** All findings, without a summary line. */
export function diagnosticsHuman(diagnostics: readonly Diagnostic[], cwd: string): string {
  return diagnostics.map((diagnostic) => one(diagnostic, cwd)).join('\n');
}

const LISTED_FINDINGS = 10;

/** What is wrong with objects of a directory, each cycle anew: the first few, and where to see all. Ends a line, or is empty. */
export function directoryFindings(diagnostics: readonly Diagnostic[], cwd: string, next: NextCommand): string {
  if (diagnostics.length === 0) return '';
  const listed = diagnosticsHuman(diagnostics.slice(0, LISTED_FINDINGS), cwd);
  const more = diagnostics.length - LISTED_FINDINGS;
  return more > 0 ? `${listed}\n… and ${more.toLocaleString('en-US')} more: ${next('validate')}\n` : `${listed}\n`;
}

/** `2 errors, 0 warnings in 3 files`. */
export function diagnosticsTotal(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}

function one({ severity, code, summary, sourceLine, at }: Diagnostic, cwd: string): string {
  const place = `${relative(cwd, at.file) || at.file}:${at.line}:${at.column}`;
  const head = `${place}  ${severity === 'error' ? colour.red('error') : colour.yellow('warning')}  ${code}`;
  if (sourceLine === undefined || sourceLine.trim() === '') return `${head}\n  ${summary}`;
  const indent = sourceLine.length - sourceLine.trimStart().length;
  const shown = sourceLine.trim();
  const column = Math.max(0, at.column - 1 - indent);
  const caret = '^'.repeat(Math.max(1, Math.min(at.length, shown.length - column)));
  return `${head}\n  ${summary}\n      ${colour.dim(shown)}\n      ${' '.repeat(column)}${caret}`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
