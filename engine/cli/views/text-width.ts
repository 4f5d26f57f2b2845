/** Columns a text takes in a terminal: East Asian wide characters count two, combining marks and colours none. */
import { stripVTControlCharacters } from 'node:util';

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/u;
/** Narrower than this, nothing is readable: the terminal breaks the lines. */
export const NARROWEST = 20;
const MARK = /\p{Mark}/u;

export function textWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text))
    width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** `text` filled with blanks to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** `text` cut to `width` columns, with an ellipsis when something was cut. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept) + textWidth(character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The end of `text` in `width` columns, with an ellipsis when something was cut. */
export function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of [...text].toReversed()) {
    if (textWidth(kept) + textWidth(character) > width - 1) break;
    kept = character + kept;
  }
  return `…${kept}`;
}

/** `text` in lines of at most `width` columns, broken at blanks. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** `text` in lines of at most `width` columns, those after the first behind `indent`. */
export function hanging(text: string, width: number, indent: string): string {
  const written = text.trimStart();
  const lead = text.slice(0, text.length - written.length);
  const [first = '', ...more] = wrap(written, Math.max(NARROWEST, width - indent.length));
  return [lead + first, ...more.map((line) => indent + line.trimStart())].map((line) => line.trimEnd()).join('\n');
}
