/** What ships keeps its promises: the example names every key, the schemas are closed and current, the template is Entra's. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { configSchema } from '../../../engine/config/config-schema.ts';
import { loadConfiguration } from '../../../engine/config/load-config.ts';
import { loadMapping } from '../../../engine/config/load-mapping.ts';
import { mappingSchema } from '../../../engine/config/mapping-schema.ts';
import { mappingTestSchema } from '../../../engine/config/mapping-test-schema.ts';
import { checkYaml } from '../../../engine/config/yaml-file.ts';
import { directorySchema } from '../../../engine/source/directory-schema.ts';
import { CONFIG, load } from './config-folder.ts';

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly { readonly then?: Schema }[];
  readonly additionalProperties?: unknown;
  readonly description?: string;
  readonly default?: unknown;
};

/** Every setting of a schema under its name, `jobs[].target.url`. */
function settings(schema: Schema, name = ''): ReadonlyMap<string, Schema> {
  const own = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => [`${name}${name && '.'}${key}`, value] as const,
  );
  const below = own.flatMap(([path, value]) => [...settings(value, path)]);
  const items = schema.items === undefined ? [] : [...settings(schema.items, `${name}[]`)];
  const branches = (schema.allOf ?? []).flatMap((branch) => [...settings(branch.then ?? {}, name)]);
  return new Map([...own, ...below, ...items, ...branches]);
}

function objects(schema: unknown): readonly Schema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const below = Object.entries(schema).flatMap(([key, value]) => (key === 'if' ? [] : objects(value)));
  return 'properties' in schema && 'type' in schema && schema.type === 'object' ? [schema as Schema, ...below] : below;
}

const example = await readFile('config.example.yaml', 'utf8');

describe('config.example.yaml', () => {
  test('loads without a finding as soon as the token is set', async () => {
    const { configuration, diagnostics } = await loadConfiguration('config.example.yaml', { SCIM_TOKEN: 'dev' });
    expect(diagnostics).toEqual([]);
    expect(configuration?.jobs.map((job) => [job.name, job.application])).toEqual([['scim-app', 'scim-app']]);
  });

  test('its directory has the application of its job', async () => {
    const directory = parse(await readFile('fixtures/directories/contoso.yaml', 'utf8')) as {
      applications: { name: string; assignments: unknown[] }[];
    };
    const application = directory.applications.find((one) => one.name === 'scim-app');
    expect(application?.assignments.length).toBeGreaterThan(0);
  });

  /** The example with every comment of the form `# key: …` turned into a setting. */
  const uncommented = example.replace(/^( *)# ( *[a-zA-Z]+:( |$))/gm, '$1$2');

  test('names every key of the schema, those behind # included', () => {
    const named = new Set([...uncommented.matchAll(/^\s*(?:- )?([a-zA-Z]+):/gm)].map((match) => match[1]));
    const keys = [...settings(configSchema).keys()].map((path) => path.split('.').at(-1)?.replace('[]', ''));
    expect(keys.filter((key) => !named.has(key))).toEqual([]);
  });

  test('shows every setting behind # at its default', () => {
    const defaults = [...settings(configSchema)].filter(([, schema]) => schema.default !== undefined);
    for (const [path, schema] of defaults) {
      const key = path.split('.').at(-1);
      const shown = [...example.matchAll(new RegExp(`^\\s*#? *${key}: +([^ #\n]+)`, 'gm'))].map((match) => match[1]);
      expect(shown, path).toContain(String(schema.default));
    }
  });
});

describe('the schemas', () => {
  test.each([
    ['config', configSchema],
    ['mapping', mappingSchema],
    ['mapping-test', mappingTestSchema],
    ['directory', directorySchema],
  ])('%s.schema.json is current', async (name, schema) => {
    const file = await readFile(join('engine', 'config', `${name}.schema.json`), 'utf8');
    expect(JSON.parse(file)).toEqual(schema);
  });

  test.each([
    ['configuration', configSchema],
    ['mapping', mappingSchema],
    ['mapping test', mappingTestSchema],
  ])('every setting of a %s has a description', (_name, schema) => {
    const silent = [...settings(schema)].filter(([, one]) => (one.description ?? '') === '').map(([path]) => path);
    expect(silent).toEqual([]);
  });

  test.each([
    ['configuration', configSchema],
    ['mapping', mappingSchema],
  ])('a %s has no place for unknown keys but the one of sign-in, closed per kind', (_name, schema) => {
    const open = objects(schema).filter((one) => one.additionalProperties !== false);
    expect(open.every((one) => one.allOf?.every((branch) => branch.then?.additionalProperties === false))).toBe(true);
  });

  test('the defaults of the schema are those the loader fills in', async () => {
    const { configuration } = await load(CONFIG);
    const job = configuration?.jobs[0];
    const renamed: Readonly<Record<string, unknown>> = {
      'schedule.state': job?.scheduleState,
      'schedule.trigger': job?.trigger,
    };
    const written = [...settings(configSchema)].filter(
      ([path, schema]) => path.startsWith('jobs[].') && schema.default !== undefined && !path.endsWith('.interval'),
    );
    expect(written.length).toBeGreaterThan(15);
    for (const [path, schema] of written) {
      const steps = path.replace('jobs[].', '');
      const loaded = steps
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], job);
      expect(renamed[steps] ?? loaded, path).toEqual(schema.default);
    }
  });
});

describe('mappings', () => {
  test('the SCIM template has 22 rows for users and 3 for groups, and nothing to say against it', async () => {
    const { mapping, diagnostics } = await loadMapping(join('mappings', 'scim.yaml'));
    expect(diagnostics).toEqual([]);
    expect(mapping?.objects.map((object) => [object.name, object.map.length])).toEqual([
      ['Users', 22],
      ['Groups', 3],
    ]);
    expect(
      mapping?.objects.map((object) => object.map.filter((row) => row.match === 1).map((row) => row.target)),
    ).toEqual([['userName'], ['displayName']]);
  });

  test('every shipped mapping file loads without an error and tells editors its schema', async () => {
    const files = (await readdir('mappings')).filter((name) => /(?<!\.test)\.yaml$/.test(name));
    expect(files).toContain('scim.yaml');
    for (const name of files) {
      const { diagnostics } = await loadMapping(join('mappings', name));
      expect(
        diagnostics.filter((one) => one.severity === 'error'),
        name,
      ).toEqual([]);
      const [first] = (await readFile(join('mappings', name), 'utf8')).split('\n');
      expect(first, name).toBe('# yaml-language-server: $schema=../engine/config/mapping.schema.json');
    }
  });

  test('the README lists every mapping file', async () => {
    const readme = await readFile(join('mappings', 'README.md'), 'utf8');
    const names = (await readdir('mappings')).filter((name) => /(?<!\.test)\.yaml$/.test(name));
    for (const name of names) expect(readme, name).toContain(`\`${name}\``);
  });
});

test('a finding inside of a text stays on the character meant, however the text is written', () => {
  const text = `a "b" 'c'\td`;
  for (const type of ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'] as const) {
    const document = parseDocument('key: x\n');
    const scalar = document.createNode(text);
    scalar.type = type;
    document.set('key', scalar);
    const source = String(document);
    const yaml = checkYaml('file.yaml', source, {});
    const finding = { severity: 'error', code: 'x', summary: 'x' } as const;
    for (const letter of ['a', 'b', 'c', 'd']) {
      const { at, sourceLine } = yaml.at(['key'], { ...finding, offset: text.indexOf(letter) });
      expect(sourceLine?.charAt(at.column - 1), `${letter} in ${source}`).toBe(letter);
    }
  }
});
