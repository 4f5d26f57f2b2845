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
  RESOURCE_EXHAUSTION: 'This is nested too deeply to be read.',
  MULTIPLE_DOCS: 'Another document begins here. Keep one, without lines of three dashes between.',
};

/**
 * One finding per error, without what only follows from another one.
 * @param text what was parsed; references to secrets are looked for in it
 */
export function malformations(errors: readonly YamlError[], text = ''): readonly Malformed[] {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  if (tabs.length > 0) return tabs.map(inOurWords);
  const found: Malformed[] = [];
  for (const error of untilLost(errors)) {
    const bare = bareReference(error, text);
    found.push(bare ?? inOurWords(error));
    if (bare !== undefined) break;
  }
  return found;
}

/** A reference to a secret where braces mean something: the parser stumbles over the one behind its dollar. */
function bareReference({ pos: [start] }: YamlError, text: string): Malformed | undefined {
  if (start === 0) return undefined;
  const [reference] = /^\$\{(env|file):[^}\s]*\}/.exec(text.slice(start - 1)) ?? [];
  if (reference === undefined) return undefined;
  const summary = `A reference between braces needs quotes. Write '${reference}'.`;
  return { range: [start - 1, start - 1 + reference.length], summary };
}

/** Once the parser takes the rest for another document, every word of it is an error. */
function untilLost(errors: readonly YamlError[]): readonly YamlError[] {
  const lost = errors.findIndex(({ message }) => message.includes('in YAML stream'));
  return lost < 0 ? errors : errors.slice(0, Math.max(1, lost));
}

function inOurWords({ code, pos, message }: YamlError): Malformed {
  return { range: pos, summary: OWN_WORDS[code] ?? firstSentence(message) };
}

/** Without the place, which findings have of their own, and the lines, which they show. */
function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '.') ?? 'This is not YAML.';
}
