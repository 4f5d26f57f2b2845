/** Conversions between texts and their encodings (expressions.md 6.5, 8.1, 8.5). */
import { decodeBase64, decodeUtf8, decodeUtf16, encodeBase64, encodeUtf8, encodeUtf16 } from '../base64.ts';
import { toText, toTextOrNull } from '../coerce.ts';
import { ExpressionError } from '../expression-error.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { assertTextLength } from '../limits.ts';
import { CLOUD_SYNC, ONLY_IN_CLOUD_SYNC, reference } from './specification.ts';

export const convertFromBase64: FunctionDefinition = {
  name: 'ConvertFromBase64',
  summary: 'Gives the text that base64 stands for.',
  specification: CLOUD_SYNC,
  parameters: [
    { name: 'source' },
    { name: 'encoding', optional: true, read: (text) => decode(new Uint8Array(), text) },
  ],
  undocumented: ONLY_IN_CLOUD_SYNC,
  examples: [
    ['ConvertFromBase64("SABlAGwAbABvAA==")', 'Hello'],
    ['ConvertFromBase64("SGVsbG8=", UTF8)', 'Hello'],
  ],
  evaluate: ([source, encoding]) => {
    const text = toTextOrNull(source);
    return text === null ? null : decode(bytesOf(text), toText(encoding));
  },
};

function decode(bytes: Uint8Array, encoding: string): string {
  switch (encoding) {
    case '':
    case 'Unicode':
      return decodeUtf16(bytes);
    case 'UTF8':
      return decodeUtf8(bytes);
    case 'ASCII':
      return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : '?')).join('');
    default:
      throw new ExpressionError('InvalidArgument', 'the encoding is Unicode, ASCII or UTF8');
  }
}

function bytesOf(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new ExpressionError('InvalidArgument', 'the text is not base64');
  return bytes;
}

export const convertToBase64: FunctionDefinition = {
  name: 'ConvertToBase64',
  summary: 'Gives the base64 of a text in UTF-16, low byte first.',
  specification: reference('converttobase64'),
  parameters: [{ name: 'source' }],
  examples: [['ConvertToBase64("Hello world!")', 'SABlAGwAbABvACAAdwBvAHIAbABkACEA']],
  evaluate: ([source]) => {
    const text = toTextOrNull(source);
    return text === null ? null : encodeBase64(encodeUtf16(text));
  },
};

export const convertToUtf8Hex: FunctionDefinition = {
  name: 'ConvertToUTF8Hex',
  summary: 'Gives the bytes of a text in UTF-8 as capital hexadecimal digits.',
  specification: reference('converttoutf8hex'),
  parameters: [{ name: 'source' }],
  examples: [['ConvertToUTF8Hex("Hello world!")', '48656C6C6F20776F726C6421']],
  evaluate: ([source]) => {
    const text = toTextOrNull(source);
    if (text === null) return null;
    assertTextLength(text.length * 2);
    return Array.from(encodeUtf8(text), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
  },
};

export const cStr: FunctionDefinition = {
  name: 'CStr',
  summary: 'Gives the text form of a value.',
  specification: reference('cstr'),
  parameters: [{ name: 'value' }],
  examples: [['CStr(BitAnd(7, 5))', '5']],
  evaluate: ([value]) => toTextOrNull(value),
};

export const stringFromSid: FunctionDefinition = {
  name: 'StringFromSid',
  summary: 'Gives the S-1-… text of a security identifier in base64.',
  specification: CLOUD_SYNC,
  parameters: [{ name: 'sid' }],
  undocumented: ONLY_IN_CLOUD_SYNC,
  examples: [['StringFromSid("AQIAAAAAAAUgAAAAIAIAAA==")', 'S-1-5-32-544']],
  evaluate: ([sid]) => {
    const text = toTextOrNull(sid);
    if (text === null || /^S-1-[0-9-]{1,200}$/.test(text)) return text;
    return formatSid(bytesOf(text));
  },
};

/** Revision, count, six bytes of authority (high first), then sub-authorities of four bytes (low first). */
function formatSid(bytes: Uint8Array): string {
  const [revision = 0, subAuthorities = 0] = bytes;
  if (revision !== 1 || subAuthorities > 15 || bytes.length !== 8 + 4 * subAuthorities) {
    throw new ExpressionError('InvalidArgument', 'the bytes are not a security identifier');
  }
  const authority = bytes.subarray(2, 8).reduce((sum, byte) => sum * 256 + byte, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = Array.from({ length: subAuthorities }, (_, index) => view.getUint32(8 + 4 * index, true));
  return ['S', revision, authority, ...parts].join('-');
}
