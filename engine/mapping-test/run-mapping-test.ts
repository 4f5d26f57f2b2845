/** All cases of a mapping test, and what they reach of the mapping. */
import { compileMapping } from '../map/compile-mapping.ts';
import { EngineError } from '../model/engine-error.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { MappingCase, MappingTest } from './mapping-test.ts';
import { type CaseResult, runCase, subjectOf } from './run-case.ts';

export type MappingTestReport = {
  readonly test: MappingTest;
  readonly passed: boolean;
  readonly results: readonly CaseResult[];
  readonly coverage: Coverage;
};

export function runMappingTest(test: MappingTest): MappingTestReport {
  const compiled = new Map(compileMapping(test.document).map((mapping) => [mapping.name, mapping]));
  const mappingOf = (one: MappingCase) => {
    const mapping = compiled.get(test.document.objects[one.mapping]?.name ?? '');
    if (mapping === undefined) throw new EngineError('a case without a mapping', { category: 'bug', code: 'bug' });
    return mapping;
  };
  const results = test.cases.map((one) => runCase(one, mappingOf(one), test));
  const covered = test.cases.map((one) => ({
    mapping: one.mapping,
    subject: subjectOf(one, mappingOf(one), test),
  }));
  return { test, passed: results.every(({ passed }) => passed), results, coverage: coverageOf(test, covered) };
}
