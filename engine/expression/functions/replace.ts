/** Replace, whose mode depends on which arguments are supplied (expressions.md 8.1). */
import type { ExpressionNode } from '../ast.ts';
import { joinTexts, mapTexts, toText, toTextOrNull } from '../coerce.ts';
import { ExpressionError } from '../expression-error.ts';
import type { Arguments, EvaluationRun, FunctionDefinition, WrittenArguments } from '../function-definition.ts';
import { assertTextLength } from '../limits.ts';
import type { DotNetRegex, RegexMatch } from '../regex.ts';
import { placeOfGroup, translateRegex } from '../translate-regex.ts';
import type { Value } from '../value.ts';
import { reference } from './specification.ts';

const DEFAULT_TIMEOUT_MS = 1000;

export const replace: FunctionDefinition = {
  name: 'Replace',
  summary: 'Replaces a text, or what a .NET regular expression matches.',
  specification: reference('replace'),
  parameters: [
    { name: 'source' },
    { name: 'oldValue', key: 'Find', optional: true },
    { name: 'regexPattern', key: 'RegularExpression', optional: true, read: translateRegex },
    { name: 'regexGroupName', key: 'RegularExpressionGroupName', optional: true },
    { name: 'replacementValue', key: 'Replacement', optional: true },
    { name: 'replacementAttributeName', key: 'ReplacementPropertyName', optional: true },
    { name: 'template', key: 'Template', optional: true },
  ],
  examples: [
    ['Replace("EN-US", "-", , , "_", , )', 'EN_US'],
    ['Replace("jsmith", "<username>", , , , , "<username>@contoso.com")', 'jsmith@contoso.com'],
    ['Replace("ada.lovelace", , "([a-z]+)\\\\.([a-z]+)", , "$2 $1", , )', 'lovelace ada'],
    ['Replace("1x 2x", , "(?<n>\\\\d)x", "n", "#", , )', '#x #x'],
    ['Replace([phone], , "(?<p>\\\\d{4})$", "p", , [mobile], )', '0010', { mobile: '4255550010' }],
  ],
  checkCall: (written) => {
    const mode = chooseMode(written);
    const [, , pattern, group] = written;
    if (pattern?.kind !== 'constant' || group?.kind !== 'constant') return;
    const place = placeOfGroup(translateRegex(pattern.value), group.value);
    if (place === undefined && (mode === extractGroup || mode === replaceGroup)) throw noSuchGroup(group.value, group);
  },
  evaluate: (list, run) => {
    const [source = null] = list;
    const mode = chooseMode(list);
    return mode(source, list, run);
  },
};

type Mode = (source: Value, list: Arguments, run: EvaluationRun) => Value;

/** The first mode whose arguments are supplied; an explicit `""` is supplied, null is too. */
function chooseMode(list: Arguments | WrittenArguments): Mode {
  const [, oldValue, pattern, group, replacement, attribute, template] = list;
  const isGiven = (...some: readonly unknown[]) => some.every((argument) => argument !== undefined);
  if (isGiven(oldValue, template)) return fillTemplate;
  if (isGiven(oldValue, replacement)) return replaceText;
  if (isGiven(pattern, group, attribute)) return extractGroup;
  if (isGiven(pattern, group, replacement)) return replaceGroup;
  if (isGiven(pattern, replacement)) return replacePattern;
  throw new ExpressionError(
    'InvalidArgument',
    'supply oldValue with replacementValue or template, or regexPattern with replacementValue or regexGroupName',
  );
}

const fillTemplate: Mode = (source, [, oldValue, , , , , template]) =>
  mapTexts(source, (text) => replaceAll(toText(template), toText(oldValue), text));

const replaceText: Mode = (source, [, oldValue, , , replacement]) =>
  mapTexts(source, (text) => replaceAll(text, toText(oldValue), toText(replacement)));

/** Both literal: `$` has no meaning. */
function replaceAll(text: string, oldValue: string, replacement: string): string {
  return oldValue === '' ? text : joinTexts(text.split(oldValue), replacement);
}

/** The source if it has a value, else the group in the first match within the other attribute. */
const extractGroup: Mode = (source, [, , pattern, group, , attribute], run) => {
  if (source !== null && source !== '') return source;
  const regex = run.regex(toText(pattern));
  const place = requireGroup(regex, toText(group));
  const text = toTextOrNull(attribute);
  if (text === null) return null;
  const range = regex.matches(text, { timeoutMs: timeoutOf(run), limit: 1 })[0]?.[place];
  return range === undefined ? null : text.slice(range.start, range.end);
};

/** The range of the group is replaced, the rest of the match stays. */
const replaceGroup: Mode = (source, [, , pattern, group, replacement], run) => {
  const regex = run.regex(toText(pattern));
  const place = requireGroup(regex, toText(group));
  const literal = toText(replacement);
  return mapTexts(source, (text) => {
    const ranges = regex.matches(text, { timeoutMs: timeoutOf(run) }).flatMap((match) => match[place] ?? []);
    return substitute(text, ranges, () => literal);
  });
};

const replacePattern: Mode = (source, [, , pattern, , replacement], run) => {
  const regex = run.regex(toText(pattern));
  const written = toText(replacement);
  const pieces = written.includes('$') ? parseReplacement(written, regex) : undefined;
  return mapTexts(source, (text) => {
    const matches = regex.matches(text, { timeoutMs: timeoutOf(run) });
    const ranges = matches.map(([whole]) => whole);
    if (pieces === undefined) return substitute(text, ranges, () => written);
    return substitute(text, ranges, (index) => {
      const match = matches[index];
      return match === undefined
        ? ''
        : joinTexts(
            pieces.map((piece) => piece(match, text)),
            '',
          );
    });
  });
};

function timeoutOf({ options }: EvaluationRun): number {
  return options.regexTimeoutMs ?? DEFAULT_TIMEOUT_MS;
}

function requireGroup(regex: DotNetRegex, name: string): number {
  const place = regex.placeOf(name);
  if (place !== undefined) return place;
  throw noSuchGroup(name);
}

function noSuchGroup(name: string, at?: ExpressionNode): ExpressionError {
  const message = `the regular expression has no group named "${name.slice(0, 40)}"`;
  return new ExpressionError('InvalidRegex', message, at && { position: at.start, length: at.length });
}

type Range = { readonly start: number; readonly end: number };

/** `text` with each range replaced; ranges that lie before the end of an earlier one (look-behind) are left out. */
function substitute(text: string, ranges: readonly Range[], replacementAt: (index: number) => string): string {
  const parts: string[] = [];
  let length = text.length;
  let position = 0;
  ranges.forEach(({ start, end }, index) => {
    if (start < position) return;
    const replacement = replacementAt(index);
    length = assertTextLength(length + replacement.length);
    parts.push(text.slice(position, start), replacement);
    position = end;
  });
  return parts.join('') + text.slice(position);
}

type Piece = (match: RegexMatch, text: string) => string;

const SUBSTITUTION = /\$(?:(\d+)|\{(\w+)\}|([$&`'+_]))/g;

/** .NET substitutions; a reference to a group that does not exist is copied as it stands (expressions.md 6.3). */
function parseReplacement(replacement: string, regex: DotNetRegex): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const match of replacement.matchAll(SUBSTITUTION)) {
    const between = replacement.slice(position, match.index);
    pieces.push(() => between, parseSubstitution(match, regex));
    position = match.index + match[0].length;
  }
  const rest = replacement.slice(position);
  pieces.push(() => rest);
  return pieces;
}

function parseSubstitution([written, number, name, symbol]: RegExpExecArray, regex: DotNetRegex): Piece {
  const group = number ?? name;
  if (group !== undefined) {
    const place = regex.placeOf(group);
    return place === undefined ? () => written : (match, text) => groupText(match, place, text);
  }
  switch (symbol) {
    case '$':
      return () => '$';
    case '&':
      return (match, text) => groupText(match, 0, text);
    case '`':
      return ([whole], text) => text.slice(0, whole.start);
    case "'":
      return ([whole], text) => text.slice(whole.end);
    case '+':
      return (match, text) => groupText(match, regex.lastGroup, text);
    default:
      return (_, text) => text;
  }
}

/** A group that took no part in the match contributes nothing. */
function groupText(match: RegexMatch, place: number, text: string): string {
  const range = match[place];
  return range === undefined ? '' : text.slice(range.start, range.end);
}
