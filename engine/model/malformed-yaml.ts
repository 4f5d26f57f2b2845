/** What a YAML parser says of text that it cannot read, in our words where its own need knowledge of YAML. */

/** As the parser reports it. */
export type YamlError = {
  readonly code: string;
  readonly pos: readonly [start: number, end: number];
  readonly message: string;
};

export type Malformed = { readonly range: readonly [start: number, end: number]; readonly summary: string };

const OWN_WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'A tab indents this line. Indent with spaces.',
  DUPLICATE_KEY: 'This key stands there twice. Keep one of the two.',
};

/** One finding per error. After a tab the parser loses its way: what it says then only follows from it. */
export function malformations(errors: readonly YamlError[]): readonly Malformed[] {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  return (tabs.length > 0 ? tabs : errors).map(({ code, pos, message }) => ({
    range: pos,
    summary: OWN_WORDS[code] ?? firstSentence(message),
  }));
}

/** Without the place, which findings have of their own, and the lines, which they show. */
function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '.') ?? 'This is not YAML.';
}
