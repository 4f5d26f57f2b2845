/** Users from a CSV file: a header of attribute names, one user a line (DESIGN 2.4). */
import { CsvError, parse } from 'csv-parse/sync';
import type { Diagnostic } from '../model/diagnostic.ts';
import { nearAttribute } from '../model/source-attributes.ts';
import { type RawDirectory, type Report, readRawObject, type Say, uniqueObjects } from './raw-directory.ts';

type Row = { readonly record: Readonly<Record<string, string>>; readonly info: { readonly lines: number } };

/** Attributes that hold several values; a cell separates them with semicolons. */
const LISTS = new Set(['businessPhones', 'imAddresses', 'otherMails', 'proxyAddresses']);

/** Names whose misspelling would lose people or their state. */
const EXPECTED = ['id', 'userPrincipalName', 'accountEnabled', 'deletedDateTime', 'displayName', 'mail', 'manager'];

/** Everything the text says. There are no groups and no applications in it. */
export function parseCsv(file: string, text: string): RawDirectory {
  const lines = text.split(/\r?\n/);
  const report: Report = ([line], severity, code, summary) => {
    const sourceLine = lines[line - 1] ?? '';
    return {
      severity,
      code,
      summary,
      sourceLine,
      at: { file, line, column: 1, length: Math.max(1, sourceLine.length) },
    };
  };
  const none = { applications: [], unclearApplications: false };
  const problems: Diagnostic[] = [];
  const say: Say = (...finding) => problems.push(report(...finding));
  const names = readHeader(text, say);
  const rows = names === undefined || isUnusable(names, say) ? undefined : readRows(text, say);
  if (names === undefined || rows === undefined)
    return { ...none, objects: [], problems, incomplete: true, readable: false, report };
  checkHeader(names, say);
  const found = rows.flatMap(({ record, info }) => {
    const at = [info.lines, info.lines] as const;
    return readRawObject(toAttributes(record), 'User', { at, placeOf: () => at }, say) ?? [];
  });
  const unique = uniqueObjects(found, say);
  const incomplete = found.length < rows.length || unique.incomplete;
  return { ...none, objects: unique.objects, problems, incomplete, readable: true, report };
}

const OPTIONS = { bom: true, skip_empty_lines: true, trim: true };

/** The names of the columns; none in an empty file. */
function readHeader(text: string, say: Say): readonly string[] | undefined {
  const header = /^.*/.exec(text)?.[0] ?? '';
  const separator = header.includes(',') ? undefined : /[;\t]/.exec(header)?.[0];
  if (separator !== undefined) {
    const found = separator === ';' ? 'semicolons' : 'tabs';
    const summary = `Commas separate the columns; this file has ${found}. Save it with commas.`;
    say([1, 1], 'error', 'wrong-separator', summary);
    return undefined;
  }
  return orSay(say, () => (parse(text, { ...OPTIONS, to: 1 }) as string[][])[0] ?? []);
}

function readRows(text: string, say: Say): readonly Row[] | undefined {
  return orSay(say, () => parse(text, { ...OPTIONS, columns: true, info: true }) as unknown as Row[]);
}

/** What `read` gives; undefined when it cannot be read, which is said. */
function orSay<T>(say: Say, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    say([line, line], 'error', 'malformed-csv', `${error.message}.`);
    return undefined;
  }
}

/** Whether nobody can be identified, or a value is one of two: said once, not in every row. */
function isUnusable(names: readonly string[], say: Say): boolean {
  // Spreadsheets leave empty columns at the end.
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) < index);
  if (twice !== undefined) {
    say([1, 1], 'error', 'duplicate-column', `There are two columns "${twice}". Remove one of them.`);
    return true;
  }
  if (names.includes('id')) return false;
  const near = names.find((name) => name.toLowerCase() === 'id');
  const hint = near === undefined ? 'Every user needs an id that never changes.' : `Write "${near}" in small letters.`;
  say([1, 1], 'error', 'missing-column', `There is no column "id". ${hint}`);
  return true;
}

function checkHeader(names: readonly string[], say: Say): void {
  for (const name of names) {
    const near = nearAttribute(name);
    if (near === undefined || !EXPECTED.includes(near) || names.includes(near)) continue;
    say([1, 1], 'warning', 'unknown-column', `There is a column "${name}". Did you mean "${near}"?`);
  }
}

/** Cells as attribute values. An empty cell is no value; `accountEnabled` is true or false. */
function toAttributes(record: Row['record']): Readonly<Record<string, unknown>> {
  const cells = Object.entries(record).filter(([, text]) => text !== '');
  return Object.fromEntries(cells.map(([name, text]) => [name, toValue(name, text)]));
}

function toValue(name: string, text: string): unknown {
  if (LISTS.has(name)) return text.split(';').map((one) => one.trim());
  if (name === 'accountEnabled' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}
