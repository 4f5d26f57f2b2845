/** What an endpoint lacks: summary first, then each finding with request, consequence and fix (ux.md "conform"). */
import type { ConformanceCheck, Finding } from '../../conform/check.ts';
import type { CheckResult, ConformanceReport, Outcome } from '../../conform/run-checks.ts';
import { curlOf } from '../../scim/describe-request.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { cut, pad, wrap } from './text-width.ts';

const TITLE_COLUMNS = 9;
/** A name longer than this pushes its own text to the right. */
const NAME_COLUMNS = 37;
const NARROWEST = 60;

export type ConformView = {
  readonly url: string;
  readonly width: number;
  /** Checks that were to run. */
  readonly total: number;
  /** These are all there are. */
  readonly whole: boolean;
};

export function conformHuman(report: ConformanceReport, { url, width, total, whole }: ConformView): string {
  const columns = Math.max(NARROWEST, width);
  const of = (outcome: Outcome) => report.results.filter((result) => result.outcome === outcome);
  const [failed, warnings, skipped] = [of('failed'), of('warning'), of('skipped')];
  const seconds = `${(report.durationMs / 1000).toFixed(1)} s`;
  const ran = report.results.length === total ? plural(total, 'check') : `${report.results.length} of ${total} checks`;
  const summary = [
    colour.bold(url),
    ran,
    `${of('passed').length} passed`,
    ...(failed.length > 0 ? [colour.red(`${failed.length} failed`)] : []),
    ...(warnings.length > 0 ? [colour.yellow(plural(warnings.length, 'warning'))] : []),
    ...(skipped.length > 0 ? [`${skipped.length} not judged`] : []),
    seconds,
  ].join(' · ');
  return [
    summary,
    ...[...failed, ...warnings]
      .filter(({ followsFrom }) => followsFrom === undefined)
      .flatMap((result) => [...findingLines(result, columns), ...followers(report, result, columns)]),
    ...skippedLines(skipped, columns),
    ...leftLines(report),
    '',
    conclusion(report, failed.length, total, whole),
  ].join('\n');
}

function findingLines({ check, outcome, finding }: CheckResult, columns: number): readonly string[] {
  if (finding === undefined) return [];
  const mark = outcome === 'failed' ? colour.red('✗') : colour.yellow('!');
  const row = (title: string, text: string) => {
    const [first = '', ...more] = wrap(text, columns - TITLE_COLUMNS - 7);
    return [
      `      ${pad(title, TITLE_COLUMNS)} ${first}`,
      ...more.map((line) => `      ${pad('', TITLE_COLUMNS)} ${line}`),
    ];
  };
  const { exchange } = finding;
  return [
    '',
    `  ${mark} ${colour.bold(pad(check.name, NAME_COLUMNS))}  ${abbreviated(finding.found)}`,
    `      ${pad('sent', TITLE_COLUMNS)} ${cut(sentOf(finding), columns - TITLE_COLUMNS - 7)}`,
    ...row('Entra', finding.entra ?? check.entra),
    ...row('fix', check.fix),
    `      ${pad('try it', TITLE_COLUMNS)} ${colour.dim(curlOf(exchange.url, exchange.request, exchange))}`,
    `      ${pad('check', TITLE_COLUMNS)} ${colour.dim(check.id)}`,
  ];
}

/** Checks that fail for the same reason, by name. */
function followers(report: ConformanceReport, cause: CheckResult, columns: number): readonly string[] {
  const names = report.results
    .filter(({ followsFrom }) => followsFrom === cause.check.id)
    .map(({ check }) => check.name);
  if (names.length === 0) return [];
  const [first = '', ...more] = wrap(
    `${plural(names.length, 'check')}: ${names.join(' · ')}`,
    columns - TITLE_COLUMNS - 7,
  );
  return [
    `      ${pad('with it', TITLE_COLUMNS)} ${first}`,
    ...more.map((line) => `      ${pad('', TITLE_COLUMNS)} ${line}`),
  ];
}

/** Long names of schemas say nothing that the attribute does not. */
function abbreviated(text: string): string {
  return text.replace(/urn:[\w:.-]*:(?=[A-Z]\w*:)/g, 'urn:…:');
}

/** The operations of a PATCH, else method, path and body. */
export function sentOf({ exchange: { request } }: Finding): string {
  const { method, path, body } = request;
  if (body === undefined) return `${method} ${path}`;
  const operations = typeof body === 'object' && body !== null && 'Operations' in body ? body.Operations : undefined;
  if (Array.isArray(operations)) return operations.map((operation) => JSON.stringify(operation)).join(' ');
  return `${method} ${path} ${JSON.stringify(body)}`;
}

/** One line per reason. */
function skippedLines(skipped: readonly CheckResult[], columns: number): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { check, why = '' } of skipped) reasons.set(why, [...(reasons.get(why) ?? []), check.name]);
  if (reasons.size === 0) return [];
  const lines = [...reasons].flatMap(([why, names]) =>
    wrap(`${why}: ${names.join(' · ')}`, columns - 4).map((line, index) =>
      index === 0 ? `  · ${line}` : `    ${line}`,
    ),
  );
  return ['', colour.dim('not judged'), ...lines.map(colour.dim)];
}

function leftLines({ cleanUp: { left } }: ConformanceReport): readonly string[] {
  if (left.length === 0) return [];
  const one = ({ type, id, name, why }: (typeof left)[number]) =>
    `  ${type} ${id === undefined ? '' : `${id} `}"${name}" (${why})`;
  return [
    '',
    colour.yellow(`${plural(left.length, 'resource')} left at the endpoint; remove by hand:`),
    ...left.map(one),
  ];
}

function conclusion(report: ConformanceReport, failed: number, total: number, whole: boolean): string {
  if (report.error !== undefined || report.results.length < total) return 'The checks did not finish.';
  if (failed > 0) {
    return 'Entra would not work with this endpoint. One check alone: --only ID; with --keep its accounts stay for the curl lines that change them.';
  }
  if (!whole) return 'What was asked for is met; whether Entra would work, all checks together say.';
  return 'Entra would work with this endpoint. Next: scimulate sync with a directory and mapping of your own.';
}

/** Every check in a line, under its area. */
export function checkList(checks: readonly ConformanceCheck[]): string {
  const areas = [...new Set(checks.map(({ area }) => area))];
  const width = Math.max(...checks.map(({ id }) => id.length));
  return areas
    .map((area) => {
      const own = checks.filter((check) => check.area === area);
      const line = (check: ConformanceCheck) => `  ${pad(check.id, width)}  ${pad(check.category, 11)}  ${check.name}`;
      return [colour.bold(area), ...own.map(line)].join('\n');
    })
    .join('\n');
}
