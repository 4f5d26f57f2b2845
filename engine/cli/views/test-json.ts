/** Mapping tests for programs: `test --json`, and the cases of a JUnit report. */
import { relative } from 'node:path';
import type { Difference, Flowed } from '../../mapping-test/run-case.ts';
import type { MappingTestReport } from '../../mapping-test/run-mapping-test.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { diagnosticsJson } from './diagnostics-json.ts';
import type { JunitCase } from './junit.ts';
import { differenceLines } from './test-human.ts';

export function testJson(reports: readonly MappingTestReport[], diagnostics: readonly Diagnostic[]): object {
  return {
    passed: isFine(reports, diagnostics),
    files: reports.map(toFile),
    diagnostics: diagnosticsJson(diagnostics),
  };
}

function isFine(reports: readonly MappingTestReport[], diagnostics: readonly Diagnostic[]): boolean {
  return reports.every(({ passed }) => passed) && diagnostics.every(({ severity }) => severity !== 'error');
}

function toFile({ test, passed, results, coverage }: MappingTestReport): unknown {
  return {
    file: test.file,
    mapping: test.mappingFile,
    passed,
    cases: results.map(({ case: one, passed: fine, inScope, reason, differences }) => ({
      name: one.name,
      line: one.at.line,
      passed: fine,
      inScope,
      reason,
      differences: differences.map(toDifference),
    })),
    coverage,
  };
}

function toDifference(difference: Difference): unknown {
  if (difference.about !== 'attribute') return difference;
  const { about, target, expected, actual } = difference;
  return { about, target, expected: toFlow(expected), actual: toFlow(actual) };
}

/** A value, null for nothing, or `{ error }`. */
function toFlow(flow: Flowed): unknown {
  if (flow.kind === 'value') return flow.value;
  return { error: flow.code, ...(flow.message === '' ? {} : { message: flow.message }) };
}

export function testJunit({ test, results }: MappingTestReport, cwd: string): readonly JunitCase[] {
  const file = relative(cwd, test.file);
  return results.map(({ case: one, differences }) => {
    const lines = differenceLines(differences).map((line) => line.trim());
    const [first] = lines;
    return {
      name: one.name,
      className: file,
      seconds: 0,
      ...(first === undefined
        ? {}
        : { failure: { message: first, text: [`${file}:${one.at.line}`, ...lines].join('\n') } }),
    };
  });
}
