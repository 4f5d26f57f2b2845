/** Where a character of a text value stands in the YAML source: quotes, escapes and folded lines make the two differ. */
import type { Scalar } from 'yaml';

/** One character of a double-quoted scalar that is not white space as written; escapes count as one. */
const DOUBLE_QUOTED = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])|\S/g;

/** Escapes that stand for white space, or for nothing. */
const BLANK_ESCAPE = /^\\[\stnvfr_LP]$/;

/**
 * Offset in `source` of the character `offset` of the text value of `scalar`.
 * Counts characters that are not white space, because folding changes only white space (YAML 1.2 sections 6.5, 7.3, 8.1).
 */
export function scalarPosition(source: string, scalar: Scalar, offset: number): number {
  const [start = 0, end = start] = scalar.range ?? [];
  const value = String(scalar.value);
  const first = contentStart(source, scalar, start);
  const written = solidCharacters(source.slice(first, end), scalar.type);
  const before = value.slice(0, offset);
  const count = before.replace(/\s/g, '').length;
  const here = written[count];
  if (here !== undefined && /\S/.test(value[offset] ?? '')) return first + here.start;
  const blanks = /\s*$/.exec(before)?.[0].length ?? 0;
  return first + (written[count - 1]?.end ?? 0) + blanks;
}

/** Behind the opening quote, or on the line below the header of a block. */
function contentStart(source: string, scalar: Scalar, start: number): number {
  if (scalar.type === 'QUOTE_SINGLE' || scalar.type === 'QUOTE_DOUBLE') return start + 1;
  const isBlock = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
  return isBlock ? source.indexOf('\n', start) + 1 : start;
}

type Written = { readonly start: number; readonly end: number };

function solidCharacters(text: string, type: Scalar['type']): readonly Written[] {
  const pattern = type === 'QUOTE_DOUBLE' ? DOUBLE_QUOTED : type === 'QUOTE_SINGLE' ? /''|\S/g : /\S/g;
  return [...text.matchAll(pattern)]
    .filter(([unit]) => !BLANK_ESCAPE.test(unit))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
