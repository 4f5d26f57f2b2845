/** Case conversion as .NET does it: one UTF-16 code unit to one, without context (expressions.md 6.1, 6.2). */
import { ExpressionError } from './expression-error.ts';

type CaseMapping = (text: string) => string;

const ASCII = /^[\0-\x7F]*$/;
const LETTER_OR_DIGIT_OR_MARK = /[\p{L}\p{N}\p{M}\p{Cs}']/u;
const LETTER = /\p{L}/u;

/** Invariant lower case; U+0130 has no single lower-case form there and stays. */
export function toLowerInvariant(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : eachUnit(text, (unit) => unit.toLowerCase());
}

/** Invariant upper case; the dotless i stays, as in .NET. */
function toUpperInvariant(text: string): string {
  return ASCII.test(text)
    ? text.toUpperCase()
    : eachUnit(text, (unit) => (unit === '\u0131' ? unit : unit.toUpperCase()));
}

/**
 * The lower-case mapping of `culture`, such as `tr-TR`; without a culture the invariant one.
 * @throws ExpressionError `InvalidArgument` when the culture is not a well-formed tag
 */
export function lowerCaseOf(culture: string): CaseMapping {
  const tag = culture === '' ? undefined : specialCulture(culture);
  if (tag === undefined) return toLowerInvariant;
  return (text) => eachUnit(text, (unit) => unit.toLocaleLowerCase(tag));
}

/** As `lowerCaseOf`, for capitals. */
export function upperCaseOf(culture: string): CaseMapping {
  const tag = specialCulture(culture);
  if (tag === undefined) return toUpperInvariant;
  return (text) => eachUnit(text, (unit) => unit.toLocaleUpperCase(tag));
}

/** The language, when its casing differs from the invariant one. */
function specialCulture(culture: string): string | undefined {
  if (culture === '') return undefined;
  const language = languageOf(culture);
  return ['az', 'lt', 'tr'].includes(language) ? language : undefined;
}

function languageOf(culture: string): string {
  try {
    return (Intl.getCanonicalLocales(culture)[0] ?? '').split('-')[0] ?? '';
  } catch (cause) {
    const message = `"${culture.slice(0, 40)}" is not the name of a culture, such as "tr-TR"`;
    throw new ExpressionError('InvalidArgument', message, { position: -1, cause });
  }
}

function eachUnit(text: string, change: CaseMapping): string {
  let changed = '';
  for (let index = 0; index < text.length; index++) {
    const unit = text.charAt(index);
    const mapped = change(unit);
    changed += mapped.length === 1 ? mapped : unit;
  }
  return changed;
}

/** Every word capitalised, the rest in lower case. A word goes on over letters, digits, marks and apostrophes. */
export function toTitleCase(text: string): string {
  let result = '';
  let isInWord = false;
  for (const unit of toLowerInvariant(text).split('')) {
    result += !isInWord && LETTER.test(unit) ? toUpperInvariant(unit) : unit;
    isInWord = LETTER_OR_DIGIT_OR_MARK.test(unit) && (isInWord || unit !== "'");
  }
  return result;
}

/** As `toTitleCase`, but words end at the characters of `separators` and nowhere else. */
export function toTitleCaseBetween(text: string, separators: string): string {
  const ends = new Set(separators.split(''));
  let result = '';
  let isInWord = false;
  for (const unit of toLowerInvariant(text).split('')) {
    result += isInWord ? unit : toUpperInvariant(unit);
    isInWord = !ends.has(unit);
  }
  return result;
}
