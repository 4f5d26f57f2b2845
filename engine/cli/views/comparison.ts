/** Two mappings compared: totals first, then people; and the same as JSON. */
import countBy from 'lodash/countBy.js';
import sortBy from 'lodash/sortBy.js';
import type { Comparison } from '../../operate/compare-mappings.ts';
import type { Replacement } from '../../plan/plan-replacement.ts';
import { shortPath } from '../../scim/attribute-path.ts';
import { colour } from '../colour.ts';
import { plural } from './diagnostics-human.ts';
import { diagnosticsJson } from './diagnostics-json.ts';
import { change as propertyText } from './preview-human.ts';
import { cut, pad, textWidth, wrap } from './text-width.ts';

const NAME_COLUMNS = 34;
const LABEL_COLUMNS = 13;
const LISTED_ATTRIBUTES = 8;

const LABELS: Readonly<Record<Replacement['change'], string>> = {
  create: colour.green('+ create '),
  update: colour.yellow('~ update '),
  disable: colour.yellow('~ disable'),
  delete: colour.red('- delete '),
  stay: colour.dim('· stays  '),
  fail: colour.red('✗ fail   '),
};

const ORDER = Object.keys(LABELS);

/** @param object those that were asked for; the totals are those of everybody */
export function comparisonHuman(
  comparison: Comparison,
  against: string,
  width: number,
  { online, object }: { readonly online: boolean; readonly object: readonly string[] },
): string {
  const { job, replacements, counts } = comparison;
  const people = Object.values(counts).reduce((sum, number) => sum + number, 0);
  const base = online ? 'what the target holds now' : 'what its own mapping makes of the directory as it is';
  const columns = Math.min(NAME_COLUMNS, Math.max(8, ...replacements.map((one) => textWidth(nameOf(one)))));
  const lines = [
    `${colour.bold(job)} · with ${against} instead of ${base} · ${plural(people, 'object')} · nothing is sent`,
    '',
    ...totals(comparison, object.length === 0 ? '' : 'for everybody: ').map((line) => `  ${line}`),
    '',
    ...sortBy(replacements, [({ change }) => ORDER.indexOf(change), nameOf]).flatMap((one) =>
      entry(one, comparison.names, columns, width),
    ),
    ...(replacements.length === 0
      ? [`  nothing changes for ${object.length === 0 ? 'anybody' : object.join(', ')}`]
      : []),
    '',
    `Use it: name ${against} in "mappings" of the job; the next cycle is then an initial one`,
  ];
  return lines.join('\n');
}

function totals({ counts, dropped, guard, replacements }: Comparison, lead: string): readonly string[] {
  const parts = [
    `${counts.create} to create`,
    `${counts.update} to update`,
    `${counts.disable} to disable`,
    ...(counts.delete > 0 ? [`${counts.delete} to delete`] : []),
    ...(counts.stay > 0 ? [`${counts.stay} left as they are`] : []),
    ...(counts.fail > 0 ? [`${counts.fail} would fail`] : []),
    `${counts.unchanged} unchanged`,
  ];
  const updates = replacements.filter(({ change }) => change === 'update');
  const attributes = countBy(
    updates.flatMap(({ modifiedProperties, references }) => [
      ...modifiedProperties.map(({ displayName }) => displayName),
      ...references.map(({ path }) => path),
    ]),
  );
  const listed = Object.entries(attributes).sort(([, a], [, b]) => b - a);
  const more = listed.length - LISTED_ATTRIBUTES;
  const named = listed.slice(0, LISTED_ATTRIBUTES).map(([name, count]) => `${shortPath(name)} ${count}`);
  const lost = [...new Set([...dropped.User, ...dropped.Group])].map(shortPath);
  return [
    `${lead}${parts.join(', ')}`,
    ...(named.length === 0 ? [] : [`updated attributes: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`]),
    ...(lost.length === 0 ? [] : [`no longer written, the target keeps its values: ${lost.join(', ')}`]),
    ...(guard.tripped
      ? [colour.red(`accidental-deletion prevention would hold them: ${guard.message.split(';')[0] ?? ''}`)]
      : []),
  ];
}

function entry(one: Replacement, names: Comparison['names'], columns: number, width: number): readonly string[] {
  const lead = `  ${LABELS[one.change]}  ${pad(cut(nameOf(one), columns), columns)}  `;
  const indent = LABEL_COLUMNS + columns + 2;
  const details = detailsOf(one, names).flatMap((text) => wrap(text, Math.max(40, width - indent)));
  return details.map((text, index) => (index === 0 ? lead : ' '.repeat(indent)) + text);
}

function detailsOf(one: Replacement, names: Comparison['names']): readonly string[] {
  const { change, reason, modifiedProperties, references, left } = one;
  const kept = left.length === 0 ? [] : [`no value any more, the target keeps it: ${left.map(shortPath).join(', ')}`];
  const referred = references.map(({ path, refersTo }) => `${shortPath(path)} ${referredText(one, refersTo, names)}`);
  if (change === 'update') return [...modifiedProperties.map(propertyText), ...referred, ...kept];
  return change === 'stay' && kept.length > 0 ? kept : [reason.message];
}

function referredText({ source }: Replacement, ids: readonly string[], names: Comparison['names']): string {
  if (source.type === 'Group') return `+ ${ids.length}`;
  return ids.map((id) => names.get(id) ?? id).join(', ');
}

function nameOf({ source }: Replacement): string {
  return source.userPrincipalName ?? source.displayName;
}

export function comparisonJson(comparisons: readonly Comparison[], against: string): object {
  return {
    against,
    jobs: comparisons.map(({ job, counts, dropped, guard, replacements, problems }) => ({
      name: job,
      counts,
      noLongerWritten: dropped,
      guard,
      diagnostics: diagnosticsJson(problems),
      objects: replacements.map(({ source, change, reason, modifiedProperties, references, left }) => ({
        objectType: source.type,
        sourceId: source.id,
        displayName: source.displayName,
        change,
        reason: reason.message,
        reasonCode: reason.code,
        modifiedProperties,
        references,
        left,
      })),
    })),
  };
}
