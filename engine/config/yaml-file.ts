/** A YAML file checked against a JSON Schema: every finding with its place, all at once. */
import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type Malformed, malformations } from '../model/malformed-yaml.ts';
import { utf8Text } from '../model/utf8-text.ts';
import { keepDigits } from '../model/written-digits.ts';
import { checkSchema } from './check-schema.ts';
import type { Finding, KeyPath } from './finding.ts';
import { scalarPosition } from './scalar-position.ts';
import { maskPlainSecrets } from './secrets.ts';

export type YamlFile = {
  readonly file: string;
  /** The content as plain data; undefined when it could not be read. */
  readonly content: unknown;
  /** Whether `content` has the shape of the schema. Unknown keys and wrong values are findings but do no harm to the shape. */
  readonly hasShape: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** A finding at the value (or, with `atKey`, the key) of `path`; `offset` and `length` point inside a text value. */
  readonly at: (path: KeyPath, finding: Finding) => Diagnostic;
};

/**
 * Reads and checks `file`. A file that cannot be read is a finding (`file-unreadable`), not an exception.
 * @param isText keys below which digits are text, kept as they are written
 */
export async function readYamlFile(file: string, schema: object, isText?: IsText): Promise<YamlFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return refused(file, unreadable(file, error as NodeJS.ErrnoException));
  }
  const text = utf8Text(bytes);
  return text === undefined
    ? refused(file, 'The file is not UTF-8 text. Save it as UTF-8.')
    : checkYaml(file, text, schema, isText);
}

type IsText = (key: string) => boolean;

function refused(file: string, summary: string): YamlFile {
  const at = { file, line: 1, column: 1, length: 1 };
  const diagnostic: Diagnostic = { severity: 'error', code: 'file-unreadable', summary, at };
  return { file, content: undefined, hasShape: false, diagnostics: [diagnostic], at: () => diagnostic };
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `There is no file ${file}.`;
  if (code === 'EISDIR') return `${file} is a folder. Name the file in it.`;
  if (code === 'EACCES' || code === 'EPERM') return `You may not read ${file}. Change its permissions.`;
  return `The file cannot be read: ${message}.`;
}

/** The same for text at hand; `file` only names it. */
export function checkYaml(file: string, text: string, schema: object, isText?: IsText): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (isText !== undefined) keepDigits(document.contents, isText);
  const place = placing(file, text, lineCounter);
  const at = (path: KeyPath, finding: Finding) => place(rangeOf(text, document.contents, path, finding), finding);
  const { content, problems } = toPlainData(document, text);
  if (problems.length > 0) {
    const diagnostics = problems.map(({ range, summary }) =>
      place(range, { severity: 'error', code: 'malformed-yaml', summary }),
    );
    return { file, content: undefined, hasShape: false, diagnostics, at };
  }
  const findings = checkSchema(schema, content);
  return {
    file,
    content,
    hasShape: findings.every(({ breaksShape }) => breaksShape !== true),
    diagnostics: findings.map(({ path, finding }) => at(path, finding)),
    at,
  };
}

type Range = readonly [start: number, end: number];

function toPlainData(document: Document.Parsed, text: string): { content?: unknown; problems: readonly Malformed[] } {
  const problems = malformations(document.errors, text);
  if (problems.length > 0) return { problems };
  try {
    return { content: document.toJS(), problems };
  } catch (error) {
    // Aliases without an anchor, and those that multiply beyond measure, are refused only here.
    const why = error instanceof Error ? error.message : String(error);
    return { problems: [{ range: [0, 1], summary: `The file cannot be read: ${why}.` }] };
  }
}

function placing(file: string, text: string, counter: LineCounter): (range: Range, finding: Finding) => Diagnostic {
  const lines = text.split(/\r?\n/);
  return ([start, end], { severity, code, summary }) => {
    const { line, col } = counter.linePos(start);
    const written = lines[line - 1] ?? '';
    const length = Math.max(1, Math.min(end - start, written.trimEnd().length - col + 1));
    const at = { file, line: Math.max(1, line), column: Math.max(1, col), length };
    const isSecret = code === 'secret-in-plain-text';
    const shown = isSecret ? starred(written, at) : written;
    const sourceLine = maskPlainSecrets(shown);
    return { severity, code, summary, sourceLine, at };
  };
}

/** The line without what the finding is about, which is the secret itself. */
function starred(line: string, { column, length }: { readonly column: number; readonly length: number }): string {
  return `${line.slice(0, column - 1)}${'*'.repeat(length)}${line.slice(column - 1 + length)}`;
}

/** Start and end of what a finding underlines: the nearest thing written down on the way to `path`. */
function rangeOf(text: string, root: unknown, path: KeyPath, finding: Finding): Range {
  let node: unknown = root;
  let key: Node | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      key = isNode(pair.key) ? pair.key : undefined;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && isNode(node.items[step])) {
      key = undefined;
      node = node.items[step];
    } else break;
  }
  const chosen = finding.atKey === true && key !== undefined ? key : isNode(node) ? node : key;
  const [start = 0, end = start + 1] = chosen?.range ?? [];
  if (finding.offset === undefined || !isScalar(chosen)) return [start, end];
  const last = finding.offset + Math.max(1, finding.length ?? 1) - 1;
  const from = scalarPosition(text, chosen, finding.offset);
  return [from, Math.max(from, scalarPosition(text, chosen, last)) + 1];
}
