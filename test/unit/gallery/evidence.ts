/** Where each statement about the five systems is shown: scenarios that name it, and tests whose titles do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Statement = { readonly id: string; readonly basis: string; readonly statement: string };

/** Statements that ask nothing of a provisioning engine, and why. */
export const WITHOUT_ENGINE_MEANING: Readonly<Record<string, string>> = {
  'OK-12': "who may use Okta's own console is decided by Okta; nothing of it reaches the application",
};

const ID = /\b(?:GC|WA|WM|WF|MN|OK)-(?:S\d+[abc]?|\d{2})\b/g;

/** The statements of the five documents, in their order. */
export function statements(): readonly Statement[] {
  return JSON.parse(readFileSync('test/conformance/cases/gallery.json', 'utf8')) as readonly Statement[];
}

/** The scenarios that the documents' systems were given, by name. */
export function scenarioIds(): readonly string[] {
  const count = { WA: 12, WM: 16, WF: 11, MN: 14, OK: 12 } as const;
  const numbered = Object.entries(count).flatMap(([system, last]) =>
    Array.from({ length: last }, (_, index) => `${system}-S${index + 1}`),
  );
  return [...numbered, 'WM-S3a', 'WM-S3b', 'WM-S3c'];
}

/** Id → files that show it. */
export function evidence(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const note = (id: string, file: string) => found.set(id, (found.get(id) ?? new Set()).add(file));
  for (const file of filesBelow('fixtures/scenarios', '.yaml')) {
    const content = parse(readFileSync(file, 'utf8')) as { name?: string; shows?: readonly string[] } | null;
    for (const id of content?.shows ?? []) note(id, file);
    for (const [id] of (content?.name ?? '').matchAll(ID)) note(id, file);
  }
  for (const file of filesBelow('test', '.test.ts')) {
    for (const id of idsInTitles(readFileSync(file, 'utf8'))) note(id, file);
  }
  return new Map([...found].map(([id, files]) => [id, [...files].sort()]));
}

/** Ids in the titles of tests; those in comments prove nothing. */
function idsInTitles(source: string): readonly string[] {
  const titles = source.matchAll(
    /(?:test|it|describe)(?:\.each\([\s\S]*?\)|\.each`[\s\S]*?`)?\(\s*(['"`])([\s\S]*?)\1/g,
  );
  return [...titles].flatMap(([, , title = '']) => [...title.matchAll(ID)].map(([id]) => id));
}

function filesBelow(folder: string, ending: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .sort();
}

/** `docs/fidelity-systems.md`. */
export function page(shown: ReadonlyMap<string, readonly string[]>): string {
  const rows = statements().map(({ id, basis, statement }) => {
    const reason = WITHOUT_ENGINE_MEANING[id];
    const where = reason === undefined ? (shown.get(id) ?? []).map(short).join(', ') : `no engine meaning: ${reason}`;
    return `| ${id} | ${basis} | ${statement.replaceAll('|', '\\|')} | ${where} |`;
  });
  const scenarios = scenarioIds().map((id) => `| ${id} | ${(shown.get(id) ?? []).map(short).join(', ')} |`);
  return `# Fidelity to the five documents

Every statement of the five founding documents, and where it is shown to hold. Written by \`npm run fidelity\`; a test fails when it
is stale, or when a statement has no place. *seed*: a document says so; *documented*: public material; *ours*: a decision.

| statement | basis | what it says | shown by |
|---|---|---|---|
${rows.join('\n')}

## Scenarios

| scenario | file |
|---|---|
${scenarios.join('\n')}
`;
}

function short(file: string): string {
  return `\`${file.replace(/^(test|fixtures)\//, '').replace(/\.test\.ts$/, '')}\``;
}
