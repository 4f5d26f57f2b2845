/** A temporary folder with a configuration, a mapping and a directory, each replaceable. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type LoadedConfiguration, loadConfiguration } from '../../../engine/config/load-config.ts';
import { type LoadedMapping, loadMapping } from '../../../engine/config/load-mapping.ts';
import type { Diagnostic } from '../../../engine/model/diagnostic.ts';

export const TENANT = '0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b';

export const CONFIG = `tenantId: ${TENANT}
directory: { type: file, path: directory.yaml }
jobs:
  - name: app
    mappings: mapping.yaml
    target:
      url: http://127.0.0.1:8801/scim
      auth:
        type: bearer
        token: \${env:SCIM_TOKEN}
`;

export const MAPPING = `objects:
  - name: Users
    from: User
    to: User
    map:
      - { to: userName, from: userPrincipalName, match: 1 }
      - { to: active, expr: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' }
`;

export type Files = Readonly<Record<string, string>>;

async function withFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scimulate-config-'));
  const all: Files = { 'config.yaml': CONFIG, 'mapping.yaml': MAPPING, 'directory.yaml': 'users: []\n', ...files };
  try {
    for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads `config`; file names in findings are relative to the folder. */
export async function load(
  config: string,
  files: Files = {},
  env: Readonly<Record<string, string>> = { SCIM_TOKEN: 'secret-token' },
): Promise<LoadedConfiguration> {
  return withFolder({ 'config.yaml': config, ...files }, async (folder) => {
    const loaded = await loadConfiguration(join(folder, 'config.yaml'), env);
    return { ...loaded, diagnostics: loaded.diagnostics.map((one) => inFolder(folder, one)) };
  });
}

export async function loadMap(mapping: string): Promise<LoadedMapping> {
  return withFolder({ 'mapping.yaml': mapping }, async (folder) => {
    const loaded = await loadMapping(join(folder, 'mapping.yaml'));
    return { ...loaded, diagnostics: loaded.diagnostics.map((one) => inFolder(folder, one)) };
  });
}

function inFolder(folder: string, diagnostic: Diagnostic): Diagnostic {
  const summary = diagnostic.summary.replaceAll(folder, '.');
  return { ...diagnostic, summary, at: { ...diagnostic.at, file: relative(folder, diagnostic.at.file) } };
}

/** `config.yaml:3:5 error unknown-key`, and what is underlined. */
export function brief({ at, severity, code, sourceLine = '' }: Diagnostic): string {
  const underlined = sourceLine.slice(at.column - 1, at.column - 1 + at.length);
  return `${at.file}:${at.line}:${at.column} ${severity} ${code} «${underlined}»`;
}

export function briefs(loaded: { readonly diagnostics: readonly Diagnostic[] }): readonly string[] {
  return loaded.diagnostics.map(brief);
}
