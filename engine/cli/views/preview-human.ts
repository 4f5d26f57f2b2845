/** The plan of the next cycle: what, who, why; totals; the next command (ux.md). */
import pc from 'picocolors';
import type { Preview } from '../../engine.ts';
import type { Operation } from '../../plan/plan.ts';
import { plural } from './diagnostics-human.ts';
import { cut, pad } from './text-width.ts';

const NAME_COLUMNS = 36;
const LISTED_PROPERTIES = 12;

/** One job's preview; `full` adds steps and requests of every operation. */
export function previewHuman(preview: Preview, width: number, full: boolean): string {
  const lines = [header(preview), ''];
  if (preview.error !== undefined) return [...lines, failure(preview)].join('\n');
  for (const operation of preview.operations)
    lines.push(...(full ? fullOperation(operation) : shortOperation(operation, width)));
  if (preview.operations.length === 0) lines.push('  nothing to do: no object changed');
  lines.push('', totals(preview));
  if (preview.job.quarantine !== undefined) lines.push(`${pc.red('held')}: ${preview.job.quarantine.error.message}`);
  return lines.join('\n');
}

function header(preview: Preview): string {
  const total = (preview.directory.User ?? 0) + (preview.directory.Group ?? 0);
  const since =
    preview.kind === 'incremental' && preview.since !== undefined ? ` since ${preview.since}` : ` (${preview.why})`;
  return `${pc.bold(preview.name)} · ${preview.kind} cycle${since} · ${plural(total, 'object')} in the directory · nothing is sent`;
}

function failure(preview: Preview): string {
  const { error } = preview;
  return `${pc.red('✗')} ${error?.message ?? ''}${error?.remedy === undefined ? '' : `\n  ${error.remedy}`}`;
}

function label(operation: Operation): string {
  if (operation.failure !== undefined) return pc.red('✗ fail   ');
  if (operation.status === 'warning') return pc.yellow('! warn   ');
  switch (operation.action) {
    case 'create':
      return pc.green('+ create ');
    case 'update':
      return pc.yellow('~ update ');
    case 'disable':
      return pc.yellow('~ disable');
    case 'delete':
      return pc.red('- delete ');
    case 'none':
      return pc.dim('· skip   ');
  }
}

function shortOperation(operation: Operation, width: number): readonly string[] {
  const name = operation.source.userPrincipalName ?? operation.source.displayName;
  const lead = `  ${label(operation)}  ${pad(cut(name, NAME_COLUMNS), NAME_COLUMNS)}  `;
  const room = Math.max(30, width - NAME_COLUMNS - 15);
  if (operation.action !== 'update' || operation.failure !== undefined) return [lead + cut(reason(operation), room)];
  const changes = operation.modifiedProperties.slice(0, LISTED_PROPERTIES).map(change);
  const more = operation.modifiedProperties.length - changes.length;
  const details = [...changes, ...(more > 0 ? [`and ${more} more`] : [])];
  if (details.length === 0) details.push(reason(operation));
  return details.map((text, index) => (index === 0 ? lead : ' '.repeat(NAME_COLUMNS + 15)) + cut(text, room));
}

function reason(operation: Operation): string {
  const code = operation.action === 'none' || operation.failure !== undefined ? ` (${operation.reason.code})` : '';
  return `${operation.reason.message}${code}`;
}

function change({ displayName, oldValue, newValue }: Operation['modifiedProperties'][number]): string {
  const short = displayName.replace(/^urn:.*:/, '');
  const quote = (value: string | null) => (value === null ? 'nothing' : `"${value}"`);
  return `${short}  ${quote(oldValue)} → ${quote(newValue)}`;
}

function fullOperation(operation: Operation): readonly string[] {
  const name = operation.source.userPrincipalName ?? operation.source.displayName;
  const steps = operation.steps.map(
    (step, index) => `    ${index + 1} ${pad(step.provisioningStepType, 20)} ${step.description}`,
  );
  const changes = operation.modifiedProperties.map((property) => `      ${change(property)}`);
  const requests = operation.requests.flatMap((request) => [
    `    ${pc.bold(`${request.method} ${request.path}`)}`,
    ...(request.body === undefined
      ? []
      : JSON.stringify(request.body, null, 2)
          .split('\n')
          .map((line) => `      ${line}`)),
  ]);
  return [
    `  ${label(operation)}  ${name} (${operation.source.id})`,
    ...steps,
    `    ${reason(operation)}`,
    ...changes,
    ...requests,
    '',
  ];
}

function totals(preview: Preview): string {
  const { counts } = preview.cycle;
  const requests = preview.operations.reduce((sum, operation) => sum + operation.requests.length, 0);
  const parts = [
    ...(counts.created > 0 ? [`${counts.created} to create`] : []),
    ...(counts.updated > 0 ? [`${counts.updated} to update`] : []),
    ...(counts.disabled > 0 ? [`${counts.disabled} to disable`] : []),
    ...(counts.deleted > 0 ? [`${counts.deleted} to delete`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} would fail`] : []),
  ];
  return `${parts.length === 0 ? 'no changes' : parts.join(', ')} · ${plural(requests, 'request')} after ${plural(preview.reads, 'read')}`;
}
