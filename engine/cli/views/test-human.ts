/** Mapping tests for people: every case, and where one differs the expected and the actual value per attribute. */
import { relative } from 'node:path';
import type { Difference, Flowed } from '../../mapping-test/run-case.ts';
import type { MappingTestReport } from '../../mapping-test/run-mapping-test.ts';
import type { Place } from '../../model/diagnostic.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { cut, pad, textWidth } from './text-width.ts';

const TARGET_COLUMNS = 44;

export function testHuman({ test, results, coverage }: MappingTestReport, cwd: string, covered: boolean): string {
  const lines = [colour.bold(relative(cwd, test.file) || test.file)];
  for (const { case: one, passed, differences } of results) {
    if (passed) lines.push(`  ${colour.green('✓')} ${one.name}`);
    else lines.push(`  ${colour.red('✗')} ${one.name}  ${colour.dim(placeText(one.at, cwd, false))}`);
    lines.push(...differenceLines(differences));
  }
  if (!covered) return lines.join('\n');
  const { branches, clauses, missing } = coverage;
  lines.push(
    `  coverage  ${branches.reached} of ${plural(branches.total, 'branch').replace(/branchs$/, 'branches')}, ${clauses.reached} of ${plural(clauses.total, 'scoping clause')}`,
  );
  for (const { at, what } of missing) lines.push(`    ${placeText(at, cwd, true)}  ${what}`);
  return lines.join('\n');
}

/** `7 cases in 2 files, all passed`. */
/** @param unread test files that have errors, and whose cases did not run */
export function testTotal(reports: readonly MappingTestReport[], unread: number): string {
  const results = reports.flatMap((report) => report.results);
  const failed = results.filter(({ passed }) => !passed).length;
  const cases = `${plural(results.length, 'case')} in ${plural(reports.length, 'file')}`;
  const outcome = failed === 0 ? 'all passed' : `${failed} failed`;
  const ran = results.length === 0 && unread > 0 ? 'nothing was tested' : `${cases}, ${outcome}`;
  return unread === 0 ? ran : `${ran}; ${plural(unread, 'file')} with errors did not run`;
}

/** One line per difference, the attribute in a column of its own. */
export function differenceLines(differences: readonly Difference[]): readonly string[] {
  const rows = differences.map(differenceText);
  const width = Math.min(TARGET_COLUMNS, Math.max(0, ...rows.map(([name]) => textWidth(name))));
  return rows.map(([name, text]) => `      ${pad(cut(name, width), width)}  ${text}`);
}

function differenceText(difference: Difference): readonly [string, string] {
  switch (difference.about) {
    case 'scope': {
      const side = (inScope: boolean) => (inScope ? 'in' : 'out');
      return ['scope', `expected ${side(difference.expected)}, is ${side(difference.actual)}: ${difference.reason}`];
    }
    case 'reason':
      return ['scope', `the reason does not hold "${difference.expected}": ${difference.actual}`];
    case 'attribute':
      return [difference.target, `expected ${flowText(difference.expected)}, got ${flowText(difference.actual)}`];
  }
}

function flowText(flow: Flowed): string {
  if (flow.kind === 'failure')
    return flow.message === '' ? `the error ${flow.code}` : `the error ${flow.code}: ${flow.message}`;
  return flow.value === null ? 'nothing' : JSON.stringify(flow.value);
}

function placeText({ file, line, column }: Place, cwd: string, withColumn: boolean): string {
  return `${relative(cwd, file) || file}:${line}${withColumn ? `:${column}` : ''}`;
}
