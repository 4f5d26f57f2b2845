/** Writes the files that follow from the code, or with `--check` says which of them are stale. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configSchema } from './config/config-schema.ts';
import { mappingSchema } from './config/mapping-schema.ts';
import { mappingTestSchema } from './config/mapping-test-schema.ts';
import { quirksPage } from './config/quirks-page.ts';
import { scenarioSchema } from './config/scenario-schema.ts';
import { CONFORMANCE_CHECKS } from './conform/checks/index.ts';
import { conformExample } from './conform/conform-example.ts';
import { conformPage } from './conform/conform-page.ts';
import { FUNCTIONS } from './expression/functions/index.ts';
import { functionsPage } from './expression/functions-page.ts';
import { pacePage } from './model/pace.ts';
import { directorySchema } from './source/directory-schema.ts';

/** This file runs from `dist/engine/`. */
const ROOT = new URL('../../', import.meta.url);

const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/conform.md': () => conformPage(CONFORMANCE_CHECKS, conformExample()),
  'docs/functions.md': () => functionsPage(FUNCTIONS),
  'docs/quirks.md': quirksPage,
  'docs/pace.md': pacePage,
  'engine/config/config.schema.json': () => json(configSchema),
  'engine/config/mapping.schema.json': () => json(mappingSchema),
  'engine/config/mapping-test.schema.json': () => json(mappingTestSchema),
  'engine/config/directory.schema.json': () => json(directorySchema),
  'engine/config/scenario.schema.json': () => json(scenarioSchema),
};

const checking = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, render] of Object.entries(GENERATED)) {
  const path = fileURLToPath(new URL(name, ROOT));
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present === render()) continue;
  stale.push(name);
  if (!checking) await writeFile(path, render());
}
if (checking && stale.length > 0) {
  process.stderr.write(`stale: ${stale.join(', ')}\nrun: npm run generate\n`);
  process.exitCode = 1;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
