/** Base64, UTF-16LE and UTF-8 without anything but the language (expressions.md 6.5). */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const group = first * 65_536 + second * 256 + third;
    const left = bytes.length - index;
    text += ALPHABET.charAt(Math.floor(group / 262_144)) + ALPHABET.charAt(Math.floor(group / 4096) % 64);
    text += left > 1 ? ALPHABET.charAt(Math.floor(group / 64) % 64) : '=';
    text += left > 2 ? ALPHABET.charAt(group % 64) : '=';
  }
  return text;
}

/** The bytes of `text`, white space aside, or undefined when it is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/[ \t\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bytes: number[] = [];
  for (let index = 0; index < compact.length; index += 4) {
    const quartet = compact.slice(index, index + 4);
    const group = [...quartet].reduce((sum, character) => sum * 64 + Math.max(0, ALPHABET.indexOf(character)), 0);
    const padding = quartet.length - quartet.replaceAll('=', '').length;
    const triple = [Math.floor(group / 65_536), Math.floor(group / 256) % 256, group % 256];
    bytes.push(...triple.slice(0, 3 - padding));
  }
  return Uint8Array.from(bytes);
}

/** Code units of `text`, low byte first. */
export function encodeUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = unit % 256;
    bytes[index * 2 + 1] = Math.floor(unit / 256);
  }
  return bytes;
}

/** Text of UTF-16LE bytes; an odd byte at the end is the replacement character. */
export function decodeUtf16(bytes: Uint8Array): string {
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
}

/** UTF-8 bytes of `text`. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
