/** Text of a file. */

/**
 * `bytes` as text, without a byte order mark; undefined when they are not UTF-8, as what spreadsheets and old editors write. A
 * lenient reader would put replacement characters into people's names, and a cycle would send them.
 */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
