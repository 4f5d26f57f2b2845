/** Every mapping row for one object: target attribute, source, value, and what the target holds. */
import type { JsonValue } from '../../model/scim-message.ts';
import type { ObjectExplanation, RowExplanation } from '../../operate/explain-object.ts';
import type { TargetState } from '../../operate/look-up.ts';
import { shortPath } from '../../scim/attribute-path.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { cut, hanging, pad, textWidth } from './text-width.ts';

const TARGET_COLUMNS = 40;
const SOURCE_COLUMNS = 30;
const LEAST_VALUE_COLUMNS = 14;
/** Below this many columns, a row takes several lines. */
const NARROWEST_TABLE = 100;

const SIGNS: Readonly<Record<RowExplanation['state'], string>> = {
  same: colour.dim('='),
  differs: colour.yellow('~'),
  new: colour.green('+'),
  nothing: colour.dim('·'),
  error: colour.red('✗'),
};

export function explainRowsHuman(explained: ObjectExplanation, width: number): string {
  const { name, type, id, job, mapping, scope, target, rows } = explained;
  const isAsked = target.kind !== 'not-asked';
  return [
    hanging(`${colour.bold(name)} (${type} ${id}) · job ${job} · mapping ${mapping}`, width, '  '),
    hanging(
      `  scope   ${scope.inScope ? 'in' : 'out'}: ${scope.reasons.join('; ') || scope.reason.message}`,
      width,
      '          ',
    ),
    hanging(`  target  ${targetText(target)}`, width, '          '),
    '',
    ...(width < NARROWEST_TABLE ? stacked(rows, width, isAsked) : table(rows, width, isAsked)),
    '',
    totals(rows, isAsked),
  ].join('\n');
}

function targetText(target: TargetState): string {
  switch (target.kind) {
    case 'linked':
      return `linked to ${target.id}, read just now`;
    case 'matched':
      return `${target.id} has the matching attribute; not linked yet`;
    case 'held':
      return `linked to ${target.id}; values as they were last written (--offline)`;
    case 'absent':
      return 'nobody has the matching attribute: it would be created';
    case 'ambiguous':
      return 'several have the matching attribute: DuplicateTargetEntries';
    case 'gone':
      return 'the linked resource is gone: InvalidAnchor';
    case 'not-asked':
      return 'not linked, and not asked (--offline)';
  }
}

function table(rows: readonly RowExplanation[], width: number, isAsked: boolean): readonly string[] {
  const sources = rows.map(sourceText);
  const values = rows.map(({ value, state }) => (state === 'error' ? '' : valueText(value)));
  const column = (texts: readonly string[], most: number) => Math.min(most, Math.max(...texts.map(textWidth)));
  const targetColumns = column([...rows.map(({ target }) => shortTarget(target)), 'target attribute'], TARGET_COLUMNS);
  const sourceColumns = column([...sources, 'source'], SOURCE_COLUMNS);
  const left = Math.max(2 * LEAST_VALUE_COLUMNS, width - targetColumns - sourceColumns - 10);
  const valueColumns = column([...values, 'value'], Math.floor(left * 0.6));
  const line = (sign: string, target: string, source: string, value: string, rest: string) =>
    `  ${sign} ${inColumns(target, targetColumns)}  ${inColumns(source, sourceColumns)}  ${inColumns(value, valueColumns)}  ${rest}`.trimEnd();
  const head = line(' ', 'target attribute', 'source', 'value', isAsked ? 'in the target' : '');
  return [
    colour.dim(head),
    ...rows.map((row, index) =>
      line(
        SIGNS[row.state],
        shortTarget(row.target),
        sources[index] ?? '',
        values[index] ?? '',
        rest(row, isAsked, left),
      ),
    ),
  ];
}

/** Each row on lines of its own, whole: the attribute, then where its value comes from and what it is. */
function stacked(rows: readonly RowExplanation[], width: number, isAsked: boolean): readonly string[] {
  const indent = ' '.repeat(6);
  return rows.flatMap((row) => {
    const value = row.state === 'error' ? '' : ` → ${valueText(row.value)}`;
    const held = rest(row, isAsked, width);
    const target = isAsked && row.state !== 'same' && row.state !== 'error' ? `in the target: ${held}` : held;
    return [
      `  ${SIGNS[row.state]} ${shortTarget(row.target)}`,
      hanging(`${indent}${sourceText(row)}${value}   ${target}`, width, indent),
    ];
  });
}

function inColumns(text: string, columns: number): string {
  return pad(cut(text, columns), columns);
}

function rest(row: RowExplanation, isAsked: boolean, columns: number): string {
  if (row.state === 'error') return colour.red(row.note ?? '');
  const current = isAsked && row.state !== 'same' ? cut(valueText(row.current), columns) : '';
  const same = row.state === 'same' ? colour.dim('the same') : current;
  return row.note === undefined ? same : `${same}${same === '' ? '' : '  '}${colour.dim(`(${row.note})`)}`;
}

/** `urn:…:User:department` without the URN: the last part tells them apart. */
function shortTarget(target: string): string {
  const short = shortPath(target);
  return short === target ? target : `…:${short}`;
}

function sourceText({ source }: RowExplanation): string {
  switch (source.kind) {
    case 'direct':
      return `[${source.attribute}]`;
    case 'constant':
      return JSON.stringify(source.value);
    case 'expression':
      return source.text.replace(/\s+/g, ' ');
    case 'none':
      return 'none';
  }
}

function valueText(value: JsonValue | undefined): string {
  if (value === undefined || value === '') return 'nothing';
  return JSON.stringify(value);
}

function totals(rows: readonly RowExplanation[], isAsked: boolean): string {
  const count = (state: RowExplanation['state']) => rows.filter((row) => row.state === state).length;
  const parts = [
    ...(isAsked && count('same') > 0 ? [`${count('same')} the same`] : []),
    ...(count('differs') > 0 ? [`${count('differs')} differ`] : []),
    ...(count('new') > 0 ? [`${count('new')} new`] : []),
    ...(count('nothing') > 0 ? [`${count('nothing')} with nothing to send`] : []),
    ...(count('error') > 0 ? [`${count('error')} failed`] : []),
  ];
  return `${plural(rows.length, 'row')}: ${parts.join(', ')}`;
}
