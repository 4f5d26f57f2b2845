/**
 * What may go to a terminal. Names and error texts come from targets and directories that nobody vouches for: a control
 * sequence in them could clear lines, rename the window or write to the clipboard.
 */

const ESCAPE = '\u001b';

/** Bold, dim, red, green and yellow with their ends, and the erasing of a line that is drawn again. */
const OURS: ReadonlySet<string> = new Set(
  ['1m', '2m', '22m', '31m', '32m', '33m', '39m', 'K'].map((code) => `${ESCAPE}[${code}`),
);

const CONTROL = /\p{Cc}\[(?:\d+m|K)|\r\n|\p{Cc}/gu;

/** `text` with every control character but ours written as an escape such as `\u001b`: in JSON that is the same text. */
export function printable(text: string): string {
  return text.replace(CONTROL, (found, at: number) => {
    // A return inside a line would write over what stands before it.
    const isReturn = found === '\r\n' || (found === '\r' && at === 0);
    return isReturn || OURS.has(found) ? found : escaped(found);
  });
}

function escaped(text: string): string {
  return text.replace(/\p{Cc}/gu, (one) =>
    one === '\n' || one === '\t' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
