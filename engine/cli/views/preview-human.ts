/** The plan of the next cycle: what, who, why; totals; the next command (ux.md). */
import groupBy from 'lodash/groupBy.js';
import type { Preview } from '../../engine.ts';
import type { Operation } from '../../plan/plan.ts';
import { shortPath } from '../../scim/attribute-path.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { cut, hanging, pad, textWidth, wrap } from './text-width.ts';

const NAME_COLUMNS = 34;
const LABEL_COLUMNS = 13;
const NARROWEST_DETAILS = 24;
/** Characters of a value that the short form shows; `--object` shows all. */
const SHOWN_OF_A_VALUE = 200;
const LISTED_PROPERTIES = 12;
const LISTED_MEMBERS = 4;

/** What one object gets: its own operation and the references written later. */
type Entry = { readonly main: Operation; readonly references: readonly Operation[] };

/** How much of a plan is shown. */
export type PreviewDetail = {
  /** Steps and requests of every operation. */
  readonly full?: boolean;
  /** Only the first so many objects. */
  readonly objects?: number;
};

/** One job's preview. */
export function previewHuman(preview: Preview, width: number, { full = false, objects }: PreviewDetail = {}): string {
  if (preview.error !== undefined) return [headerOf(preview, preview.why), '', failure(preview, width)].join('\n');
  const lines = [hanging(header(preview), width, '  '), ''];
  if (full) for (const operation of preview.operations) lines.push(...fullOperation(operation));
  else {
    const entries = entriesOf(preview.operations);
    const columns = Math.min(NAME_COLUMNS, Math.max(8, ...entries.map(({ main }) => textWidth(nameOf(main)))));
    const shown = entries.slice(0, objects);
    for (const entry of shown) lines.push(...shortEntry(entry, preview.names, columns, width));
    if (shown.length < entries.length) lines.push(`  … and ${plural(entries.length - shown.length, 'more object')}`);
  }
  if (preview.operations.length === 0) lines.push('  nothing to do: no object changed');
  lines.push('', hanging(totals(preview), width, '  '));
  if (preview.job.quarantine !== undefined)
    lines.push(`${colour.red('held')}: ${preview.job.quarantine.error.message}`);
  return lines.join('\n');
}

/** One entry per object, in the order of the first operation on it. */
function entriesOf(operations: readonly Operation[]): readonly Entry[] {
  return Object.values(groupBy(operations, (operation) => operation.source.id)).map((all) => {
    const main = all.find((operation) => !operation.isReference) ?? all[0];
    if (main === undefined) throw new Error('an object without an operation');
    return { main, references: all.filter((operation) => operation !== main) };
  });
}

function header(preview: Preview): string {
  const total = plural((preview.directory.User ?? 0) + (preview.directory.Group ?? 0), 'object');
  const changed = new Set(preview.operations.map((operation) => operation.source.id)).size;
  const what =
    preview.kind === 'incremental' && preview.since !== undefined
      ? `${changed} of ${total} concerned since ${preview.since.slice(11, 19)}`
      : `${total} (${preview.why})`;
  return headerOf(preview, what);
}

function headerOf({ name, kind }: Preview, what: string): string {
  return `${colour.bold(name)} · ${kind} cycle · ${what} · nothing is sent`;
}

function failure({ error }: Preview, width: number): string {
  const message = hanging(`${colour.red('✗')} ${error?.message ?? ''}`, width, '  ');
  return error?.remedy === undefined ? message : `${message}\n${hanging(`  ${error.remedy}`, width, '  ')}`;
}

type Sign = 'create' | 'update' | 'disable' | 'delete' | 'none' | 'failure' | 'warning';

const LABELS: Readonly<Record<Sign, string>> = {
  create: colour.green('+ create '),
  update: colour.yellow('~ update '),
  disable: colour.yellow('~ disable'),
  delete: colour.red('- delete '),
  none: colour.dim('· skip   '),
  failure: colour.red('✗ fail   '),
  warning: colour.yellow('! warn   '),
};

function signOf({ main, references }: Entry): Sign {
  if (main.failure !== undefined) return 'failure';
  if (main.action !== 'none') return main.action;
  if (references.some((reference) => reference.failure !== undefined)) return 'failure';
  if (references.some((reference) => reference.requests.length > 0)) return 'update';
  return [main, ...references].some((operation) => operation.status === 'warning') ? 'warning' : 'none';
}

function nameOf({ source }: Operation): string {
  return source.userPrincipalName ?? source.displayName;
}

function shortEntry(entry: Entry, names: Preview['names'], columns: number, width: number): readonly string[] {
  const sign = signOf(entry);
  const lead = `  ${LABELS[sign]}  ${pad(cut(nameOf(entry.main), columns), columns)}  `;
  const indent = LABEL_COLUMNS + columns + 2;
  const details = detailsOf(entry, sign, names).flatMap((text) =>
    wrap(text, Math.max(NARROWEST_DETAILS, width - indent)),
  );
  return details.map((text, index) => (index === 0 ? lead : ' '.repeat(indent)) + text);
}

function detailsOf({ main, references }: Entry, sign: Sign, names: Preview['names']): readonly string[] {
  const written = references.flatMap((reference) => referenceDetails(reference, names));
  if (main.isReference) return [...referenceDetails(main, names), ...written];
  if (sign !== 'update') return [[reason(main), ...written].join('; ')];
  const changes = main.modifiedProperties.slice(0, LISTED_PROPERTIES).map(shortChange);
  const more = main.modifiedProperties.length - changes.length;
  const warning = main.status === 'warning' ? [`${colour.yellow('!')} ${main.reason.message}`] : [];
  return [...changes, ...(more > 0 ? [`and ${more} more`] : []), ...warning, ...written];
}

/** What a write of manager or members changes, with the names of those it is about. */
function referenceDetails(operation: Operation, names: Preview['names']): readonly string[] {
  const name = (id: string) => names.get(id) ?? id;
  if (operation.failure !== undefined) return [`${colour.red('✗')} ${reason(operation)}`];
  const warning = operation.status === 'warning' ? [operation.reason.message] : [];
  if (operation.source.type === 'User') {
    const changes = operation.modifiedProperties.map(({ oldValue, newValue }) =>
      oldValue === null
        ? `manager ${newValue === null ? 'nobody' : name(newValue)}`
        : `manager ${name(oldValue)} → ${newValue === null ? 'nobody' : name(newValue)}`,
    );
    return [...changes, ...warning];
  }
  const added = operation.modifiedProperties.flatMap(({ newValue }) => newValue ?? []).map(name);
  const removed = operation.modifiedProperties
    .flatMap(({ newValue, oldValue }) => (newValue === null ? (oldValue ?? []) : []))
    .map(name);
  return [
    ...(added.length === 0 ? [] : [`+ ${plural(added.length, 'member')}: ${some(added)}`]),
    ...(removed.length === 0 ? [] : [`- ${plural(removed.length, 'member')}: ${some(removed)}`]),
    ...warning,
  ];
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MEMBERS).join(', ');
  return names.length > LISTED_MEMBERS ? `${shown} and ${names.length - LISTED_MEMBERS} more` : shown;
}

function reason(operation: Operation): string {
  const code = operation.action === 'none' || operation.failure !== undefined ? ` (${operation.reason.code})` : '';
  return `${operation.reason.message}${code}`;
}

/** One attribute: its name, old → new. */
export function change({ displayName, oldValue, newValue }: Operation['modifiedProperties'][number]): string {
  const quote = (value: string | null) => (value === null ? 'nothing' : `"${value}"`);
  return `${shortPath(displayName)}  ${quote(oldValue)} → ${quote(newValue)}`;
}

/** The same on a few lines, however long the values. */
function shortChange(property: Operation['modifiedProperties'][number]): string {
  const short = (value: string | null) => (value === null ? null : cut(value, SHOWN_OF_A_VALUE));
  return change({ ...property, oldValue: short(property.oldValue), newValue: short(property.newValue) });
}

function fullOperation(operation: Operation): readonly string[] {
  const steps = operation.steps.map(
    (step, index) => `    ${index + 1} ${pad(step.provisioningStepType, 20)} ${step.description}`,
  );
  const changes = operation.modifiedProperties.map((property) => `      ${change(property)}`);
  const requests = operation.requests.flatMap((request) => [
    `    ${colour.bold(`${request.method} ${request.path}`)}`,
    ...(request.body === undefined
      ? []
      : JSON.stringify(request.body, null, 2)
          .split('\n')
          .map((line) => `      ${line}`)),
  ]);
  return [
    `  ${LABELS[signOf({ main: operation, references: [] })]}  ${nameOf(operation)} (${operation.source.id})`,
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
    ...(counts.warnings > 0 ? [plural(counts.warnings, 'warning')] : []),
  ];
  return `${parts.length === 0 ? 'no changes' : parts.join(', ')} · ${plural(requests, 'request')} after ${plural(preview.reads, 'read')}`;
}
