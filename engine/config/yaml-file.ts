/** A YAML file checked against a JSON Schema: every finding with its place, all at once. */
import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { suggest } from '../model/suggest.ts';

export type KeyPath = readonly (string | number)[];

export type YamlFile = {
  readonly file: string;
  /** The content as plain data; undefined when it could not be read. */
  readonly content: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** A finding at the value (or, with `atKey`, the key) of `path`; `offset` and `length` point inside a text value. */
  readonly report: (path: KeyPath, finding: Finding) => Diagnostic;
};

export type Finding = {
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  readonly summary: string;
  readonly atKey?: boolean;
  /** Characters into the text value. */
  readonly offset?: number;
  readonly length?: number;
};

/** Reads and checks `file`. A file that cannot be read is a finding, not an exception. */
export async function readYamlFile(file: string, schema: object): Promise<YamlFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why =
      (error as { code?: string }).code === 'ENOENT' ? 'There is no such file.' : `It cannot be read: ${String(error)}`;
    const at = { file, line: 1, column: 1, length: 1 };
    const diagnostic: Diagnostic = { severity: 'error', code: 'file-unreadable', summary: why, at };
    return { file, content: undefined, diagnostics: [diagnostic], report: () => diagnostic };
  }
  return checkYaml(file, text, schema);
}

function checkYaml(file: string, text: string, schema: object): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lines = text.split('\n');
  const at = (start: number, end: number, finding: Finding): Diagnostic => {
    const { line, col } = counter.linePos(start);
    const sourceLine = lines[line - 1] ?? '';
    const length = Math.max(1, Math.min(end - start, sourceLine.length - col + 1));
    const { severity, code, summary } = finding;
    return {
      severity,
      code,
      summary,
      sourceLine,
      at: { file, line: Math.max(1, line), column: Math.max(1, col), length },
    };
  };
  const report = (path: KeyPath, finding: Finding): Diagnostic => {
    const [start, end] = rangeOf(document.contents, path, finding);
    return at(start, end, finding);
  };
  const malformed = document.errors.map((error) =>
    at(error.pos[0], error.pos[1], {
      severity: 'error',
      code: 'malformed-yaml',
      summary: error.message.split('\n')[0] ?? '',
    }),
  );
  if (malformed.length > 0) return { file, content: undefined, diagnostics: malformed, report };
  const content: unknown = document.toJS();
  const diagnostics = schemaErrors(schema, content).map(({ path, finding }) => report(path, finding));
  return { file, content, diagnostics, report };
}

/** Start and end of what a finding underlines. */
function rangeOf(root: unknown, path: KeyPath, finding: Finding): readonly [number, number] {
  let node: unknown = root;
  let key: Node | undefined;
  for (const step of path) {
    const parent: unknown = node;
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) break;
      key = isNode(pair.key) ? pair.key : undefined;
      node = pair.value;
    } else if (typeof parent === 'object' && parent !== null && 'get' in parent) {
      node = (parent as { get: (key: unknown, keepScalar: boolean) => unknown }).get(step, true);
    } else break;
  }
  const chosen = finding.atKey === true && key !== undefined ? key : isNode(node) ? node : key;
  const [start = 0, end = start + 1] = chosen?.range ?? [];
  if (finding.offset === undefined) return [start, end];
  const quoted = isScalar(chosen) && (chosen.type === 'QUOTE_SINGLE' || chosen.type === 'QUOTE_DOUBLE') ? 1 : 0;
  const from = start + quoted + finding.offset;
  return [from, from + (finding.length ?? 1)];
}

type SchemaFinding = { readonly path: KeyPath; readonly finding: Finding };

function schemaErrors(schema: object, content: unknown): readonly SchemaFinding[] {
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
  const validate = ajv.compile(schema);
  if (validate(content)) return [];
  return (validate.errors ?? []).filter((error) => error.keyword !== 'if').map(toFinding);
}

function toFinding(error: ErrorObject): SchemaFinding {
  const path = pathOf(error.instancePath);
  const name = path.length === 0 ? 'the file' : placeName(path);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const near = suggest(key, known);
      const hint = near === undefined ? `Settings: ${known.join(', ')}.` : `Did you mean "${near}"?`;
      return finding([...path, key], 'unknown-key', `"${key}" is not a setting of ${name}. ${hint}`, true);
    }
    case 'required':
      return finding(path, 'missing-key', `${capital(name)} needs "${String(error.params.missingProperty)}".`, true);
    case 'enum': {
      const allowed = (error.params.allowedValues as readonly unknown[]).map(String);
      const near = suggest(String(error.data), allowed);
      const hint = near === undefined ? `Use one of: ${allowed.join(', ')}.` : `Did you mean "${near}"?`;
      return finding(path, 'bad-value', `${capital(name)} cannot be "${String(error.data)}". ${hint}`);
    }
    case 'const':
      return finding(path, 'bad-value', `${capital(name)} must be "${String(error.params.allowedValue)}".`);
    case 'pattern':
      return finding(path, 'bad-value', `${capital(name)} "${String(error.data)}" has not the right form.`);
    case 'type':
      return finding(path, 'wrong-type', `${capital(name)} must be of type ${String(error.params.type)}.`);
    default:
      return finding(path, 'bad-value', `${capital(name)} ${error.message ?? 'is not valid'}.`);
  }
}

function finding(path: KeyPath, code: string, summary: string, atKey = false): SchemaFinding {
  return { path, finding: { severity: 'error', code, summary, atKey } };
}

function pathOf(pointer: string): KeyPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** `jobs[0].target.auth` as a person says it: the last two names. */
function placeName(path: KeyPath): string {
  return path
    .filter((step) => typeof step === 'string')
    .slice(-2)
    .join('.');
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text;
}
