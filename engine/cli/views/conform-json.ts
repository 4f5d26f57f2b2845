/** `conform --json`, and the same as JUnit cases. */
import type { ConformanceCheck } from '../../conform/check.ts';
import type { Exchange } from '../../conform/conversation.ts';
import type { CheckResult, ConformanceReport, Outcome } from '../../conform/run-checks.ts';
import { curlOf } from '../../scim/describe-request.ts';
import { sentOf } from './conform-human.ts';
import type { JunitCase } from './junit.ts';

/** Characters of an answer that are worth reading. */
const READABLE = 2000;

/** @param whole every check there is was to run; a part of them cannot say that Entra would work, only that it would not */
export function conformJson(report: ConformanceReport, url: string, whole: boolean): object {
  const count = (outcome: Outcome) => report.results.filter((result) => result.outcome === outcome).length;
  const { removed, left } = report.cleanUp;
  return {
    url,
    entraWouldWork:
      count('failed') > 0 ? false : whole && report.error === undefined && !report.interrupted ? true : null,
    counts: {
      checks: report.results.length,
      passed: count('passed'),
      failed: count('failed'),
      warnings: count('warning'),
      skipped: count('skipped'),
    },
    durationMs: report.durationMs,
    interrupted: report.interrupted,
    error:
      report.error === undefined
        ? null
        : { code: report.error.code, message: report.error.message, remedy: report.error.remedy ?? null },
    checks: report.results.map(toJson),
    cleanUp: { removed, left },
  };
}

export function checkListJson(checks: readonly ConformanceCheck[]): object {
  return { checks: checks.map((check) => ({ ...facts(check), entra: check.entra, fix: check.fix })) };
}

/** What a check is, whatever comes of it. */
function facts({ id, name, area, category, source, covers = [] }: ConformanceCheck): object {
  return { id, name, area, category, source, covers };
}

function toJson({ check, outcome, finding, followsFrom, why, durationMs, exchanges }: CheckResult): unknown {
  const { seen = [], entra, fix } = check;
  return {
    ...facts(check),
    seen,
    outcome,
    durationMs,
    ...(why === undefined ? {} : { why }),
    ...(followsFrom === undefined ? {} : { followsFrom }),
    ...(finding === undefined
      ? {}
      : {
          found: finding.found,
          request: finding.exchange.request,
          answer: answerOf(finding.exchange),
          entra: finding.entra ?? entra,
          fix,
          curl: curl(finding.exchange),
          steps: exchanges.map((exchange) => ({ curl: curl(exchange), status: exchange.status })),
        }),
  };
}

/** A long body is given as the beginning of its text. */
function answerOf({ status, mediaType, body, text }: Exchange): unknown {
  const short = body !== undefined && JSON.stringify(body).length <= READABLE;
  return { status, mediaType, body: short ? body : text === '' ? null : text };
}

function curl({ url, request, anonymous }: Exchange): string {
  return curlOf(url, request, { anonymous });
}

/** A failed check is a failure, and so is a run that ended early; a warning is in the output of a passed case. */
export function conformJunit(report: ConformanceReport): readonly JunitCase[] {
  return [...report.results.map(toCase), ...endOf(report)];
}

function endOf({ error, interrupted, durationMs }: ConformanceReport): readonly JunitCase[] {
  if (error === undefined && !interrupted) return [];
  const message = error?.message ?? 'stopped by the user';
  const failure = { message, text: error?.remedy ?? 'run it again' };
  return [{ name: 'all checks are made', className: 'conform.run', seconds: durationMs / 1000, failure }];
}

function toCase({ check, outcome, finding, why, durationMs }: CheckResult): JunitCase {
  const shared = { name: check.name, className: `conform.${check.id}`, seconds: durationMs / 1000 };
  if (outcome === 'skipped') return { ...shared, skipped: why ?? '' };
  if (finding === undefined) return shared;
  const { exchange } = finding;
  const lines = [
    `sent   ${sentOf(finding)}`,
    `Entra  ${finding.entra ?? check.entra}`,
    `fix    ${check.fix}`,
    `try it ${curl(exchange)}`,
  ].join('\n');
  return outcome === 'failed'
    ? { ...shared, failure: { message: finding.found, text: lines } }
    : { ...shared, output: `warning: ${finding.found}\n${lines}` };
}
