/** `test`: runs mapping tests. A case that does not come out as expected is exit 3: finished, some failed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openMappingTest } from '../../compose.ts';
import { testsIn, testsNamed, testsOf } from '../../config/find-mapping-tests.ts';
import { shipped } from '../../host/package-folder.ts';
import { type MappingTestReport, runMappingTest } from '../../mapping-test/run-mapping-test.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { EngineError } from '../../model/engine-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, configPath } from '../open.ts';
import { DEFAULT_CONFIG } from '../program/options.ts';
import { diagnosticsHuman } from '../views/diagnostics-human.ts';
import { junitReport } from '../views/junit.ts';
import { testHuman, testTotal } from '../views/test-human.ts';
import { testJson, testJunit } from '../views/test-json.ts';
import { junitAt, writeResult } from '../write-result.ts';

export type TestOptions = ConfigOption & {
  readonly names: readonly string[];
  readonly junit?: string;
  readonly coverage: boolean;
  readonly json: boolean;
};

export async function test(io: Io, options: TestOptions): Promise<ExitCode> {
  const files = await filesOf(io, options);
  const reports: MappingTestReport[] = [];
  const findings: Diagnostic[] = [];
  for (const file of files) {
    const { test: loaded, diagnostics } = await openMappingTest(file);
    findings.push(...diagnostics);
    if (loaded !== undefined) reports.push(runMappingTest(loaded));
  }
  const broken = findings.some(({ severity }) => severity === 'error');
  if (options.json) io.out(jsonDocument(testJson(reports, findings)));
  else {
    for (const report of reports) io.out(`${testHuman(report, io.cwd, options.coverage)}\n\n`);
    if (findings.length > 0) io.err(`${diagnosticsHuman(findings, io)}\n`);
    io.out(`${testTotal(reports, files.length - reports.length)}\n`);
  }
  const junit = junitAt(options.junit);
  if (junit !== undefined)
    await writeResult(
      io,
      junit,
      junitReport(
        'mapping tests',
        reports.flatMap((report) => testJunit(report, io.cwd)),
      ),
    );
  if (broken) return EXIT.usage;
  return reports.every(({ passed }) => passed) ? EXIT.fine : EXIT.objectsFailed;
}

/** The test files to run, each once. @throws EngineError `configuration` when there is none */
async function filesOf(io: Io, options: TestOptions): Promise<readonly string[]> {
  const { names } = options;
  const named = await Promise.all(names.map((name) => testsNamed(resolve(io.cwd, name))));
  const files = names.length > 0 ? named.flat() : await allTests(io, options);
  if (files.length > 0) return [...new Set(files)];
  throw new EngineError(
    `there is no *.test.yaml ${names.length > 0 ? `in ${names.join(', ')}` : 'beside the mapping files'}`,
    {
      category: 'configuration',
      code: 'no-tests',
      remedy: `write one: ${shipped('mappings', 'scim.test.yaml')} shows how, and README.md beside it explains the keys`,
    },
  );
}

async function allTests(io: Io, options: TestOptions): Promise<readonly string[]> {
  const configured =
    options.config !== DEFAULT_CONFIG || existsSync(resolve(io.cwd, options.config))
      ? await testsOf(configPath(io, options))
      : [];
  return configured.length > 0 ? configured : testsIn(resolve(io.cwd, 'mappings'));
}
