/** The replacement table of NormalizeDiacritics (expressions.md 9). No library has it: the service's table has gaps of its own. */

/** Replacement, then what it replaces: characters as such, and bases with combining marks after a blank. */
const ROWS: readonly (readonly [replacement: string, replaced: string])[] = [
  ['a', 'ä à â ã å á ą ă ā ǟ ǡ ā\u0301 ā\u0300 ā\u0302 ā\u0303 ā\u0308 a\u0331 å\u0304'],
  ['ae', 'æ ǣ'],
  ['c', 'ç č ć c\u0304 c\u0331'],
  ['d', 'ď ḏ d\u0304'],
  ['e', 'ë è é ê ę ě ė ē ḗ ḕ ē\u0302 ē\u0303 ê\u0304 e\u0331 ë\u0304 e\u030A\u0304'],
  ['g', 'ğ ḡ g\u0331'],
  ['i', 'ï î ì í ı ī ī\u0301 ī\u0300 ī\u0302 ī\u0303 i\u0331'],
  ['I', 'İ'],
  ['l', 'ľ ł ḹ ḻ l\u0304'],
  ['n', 'ñ ń ň ṉ n\u0304'],
  ['o', 'ö ò ő õ ô ó ō ṓ ṑ ȫ ǭ ȭ ȱ ō\u0302 ō\u0303 ō\u0308 o\u0331'],
  ['oe', 'ø ø\u0304 œ\u0304'],
  ['r', 'ř ṟ ṝ r\u0304'],
  ['ss', 'ß'],
  ['s', 'š ś ș ş s\u0304 s\u0331'],
  ['t', 'ť ț ṯ t\u0304'],
  ['u', 'ü ù û ú ů ű ū ǖ ṻ ū\u0301 ū\u0300 ū\u0302 ū\u0303 u\u0307\u0304 ṳ\u0304 u\u0331'],
  ['y', 'ÿ ý ȳ ȳ\u0301 ȳ\u0300 ȳ\u0303 y\u0331'],
  ['z', 'ź ž ż ẕ z\u0304'],
];

const TABLE: ReadonlyMap<string, string> = new Map(ROWS.flatMap(entriesOf));
const LONGEST_KEY = Math.max(...[...TABLE.keys()].map((key) => key.length));

/** Both cases of a row, under NFC keys. Sharp s and dotted capital I have one row only. */
function entriesOf([replacement, replaced]: readonly [string, string]): readonly (readonly [string, string])[] {
  const keys = replaced.split(' ').map((key) => key.normalize('NFC'));
  const asWritten = keys.map((key) => [key, replacement] as const);
  if (replacement === 'ss' || replacement === 'I') return asWritten;
  const capitals = keys
    .filter((key) => key !== 'ı')
    .map((key) => [key.toUpperCase().normalize('NFC'), replacement.toUpperCase()] as const);
  return [...asWritten, ...capitals];
}

/** `text` in NFC with every entry of the table replaced, the longest at each place; everything else is unchanged. */
export function normalizeDiacritics(text: string): string {
  const source = text.normalize('NFC');
  let result = '';
  for (let position = 0; position < source.length; ) {
    const key = keyAt(source, position);
    result += key === undefined ? source.charAt(position) : (TABLE.get(key) ?? '');
    position += key?.length ?? 1;
  }
  return result;
}

function keyAt(source: string, position: number): string | undefined {
  if (source.charCodeAt(position) < 0x80 && !(source.charCodeAt(position + 1) >= 0x300)) return undefined;
  for (let length = LONGEST_KEY; length > 0; length--) {
    const key = source.slice(position, position + length);
    if (key.length === length && TABLE.has(key)) return key;
  }
  return undefined;
}
