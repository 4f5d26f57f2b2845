/** A scenario as it was played: what happened at each moment, and where it differed from what was expected. */
import { relative } from 'node:path';
import type { ScenarioReport, StepReport } from '../../simulate/run-scenario.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { pad } from './text-width.ts';

export function simulateHuman(report: ScenarioReport, cwd: string): string {
  const { scenario, passed, seconds } = report;
  const mark = passed ? colour.green('✓') : colour.red('✗');
  const lines = [`${mark} ${colour.bold(scenario.name)} · ${seconds.toFixed(1)} s`];
  if (scenario.teaches !== '') lines.push(`  ${colour.dim(scenario.teaches)}`);
  for (const step of report.steps) lines.push(...stepLines(step, relative(cwd, scenario.file)));
  const left = scenario.steps.length - report.steps.length;
  if (left > 0) lines.push(colour.dim(`  ${plural(left, 'later step')} not played`));
  return lines.join('\n');
}

function stepLines({ step, cycles, writes, failures, findings }: StepReport, file: string): readonly string[] {
  const what = step.note === '' ? '' : ` ${step.note}`;
  const ran = cycles.length === 0 ? 'no cycle' : plural(cycles.length, 'cycle');
  const head = `    ${pad(step.at, 8)}${what}  ${colour.dim(`${ran}, ${plural(writes.length, 'write')}`)}`;
  const place = `${file}:${step.line}`;
  const odd = findings.map((finding) => `      ${colour.yellow('!')} directory: ${finding}`);
  return [head, ...odd, ...failures.map((failure) => `      ${colour.red('✗')} ${place}  ${failure}`)];
}
