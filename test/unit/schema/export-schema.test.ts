/** What exporting a mapping file writes, and that every shipped mapping comes back from its export (graph-api.md 8.5, 14). */
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { toObjectMapping, type YamlMapping } from '../../../engine/config/mapping-file.ts';
import { mappingSchema } from '../../../engine/config/mapping-schema.ts';
import { readYamlFile } from '../../../engine/config/yaml-file.ts';
import { exportSchema } from '../../../engine/schema/export-schema.ts';
import { importSchema } from '../../../engine/schema/import-schema.ts';

const MAPPING: YamlMapping = {
  objects: [
    {
      name: 'Users',
      from: 'User',
      to: 'User',
      map: [
        { to: 'userName', from: 'userPrincipalName', match: 1 },
        { to: 'active', expr: 'Not([IsSoftDeleted])' },
        { to: 'userType', const: true, apply: 'onCreate' },
        { to: 'manager', from: 'manager' },
      ],
    },
  ],
};

function imported(document: unknown): YamlMapping {
  const { mapping, findings } = importSchema(document, { lenient: false });
  expect(findings.filter(({ finding }) => finding.severity === 'error')).toEqual([]);
  return mapping ?? { objects: [] };
}

const files = (await readdir('mappings')).filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'));

describe('the shipped mapping', () => {
  test.each(files)('%s comes back from its export', async (name) => {
    const file = (await readYamlFile(`mappings/${name}`, mappingSchema)).content as YamlMapping;
    const back = imported(exportSchema(file));
    // The same rules, whatever the file says with other words: `value` or `values`, true or "True".
    expect(back.objects.map((object) => toObjectMapping(object))).toEqual(
      file.objects.map((object) => toObjectMapping(object)),
    );
    expect({ template: back.template, directories: back.directories, raw: back.raw }).toEqual({
      template: file.template ?? 'scim',
      directories: file.directories,
      raw: file.raw,
    });
    expect(exportSchema(back)).toStrictEqual(exportSchema(file));
  });
});

describe('an export', () => {
  const schema = exportSchema(MAPPING);
  const [rule] = schema.synchronizationRules;

  test('has the id of the template, or of the job it is for', () => {
    expect(schema.id).toBe('scim.00000000000000000000000000000000');
    expect(exportSchema({ ...MAPPING, raw: { id: 'old' } }).id).toBe('old');
    expect(exportSchema({ ...MAPPING, raw: { id: 'old' } }, { id: 'scim.a.b' }).id).toBe('scim.a.b');
  });

  test('writes every property, nulls and empty lists included', () => {
    expect(rule).toMatchObject({
      name: 'USER_OUTBOUND_USER',
      priority: 1,
      editable: true,
      sourceDirectoryName: 'Microsoft Entra ID',
      targetDirectoryName: 'customappsso',
      containerFilter: null,
      groupFilter: null,
      metadata: [],
    });
    expect(rule?.objectMappings[0]).toMatchObject({
      enabled: true,
      flowTypes: 'Add,Update,Delete',
      scope: null,
      metadata: [],
    });
    expect(rule?.objectMappings[0]?.attributeMappings[2]).toEqual({
      defaultValue: null,
      exportMissingReferences: false,
      flowBehavior: 'FlowWhenChanged',
      flowType: 'ObjectAddOnly',
      matchingPriority: 0,
      targetAttributeName: 'userType',
      source: { expression: '"True"', name: 'True', type: 'Constant', parameters: [] },
    });
  });

  test('makes the parameters of an expression', () => {
    expect(rule?.objectMappings[0]?.attributeMappings[1]?.source).toEqual({
      expression: 'Not([IsSoftDeleted])',
      name: 'Not',
      type: 'Function',
      parameters: [
        {
          key: 'source',
          value: { expression: '[IsSoftDeleted]', name: 'IsSoftDeleted', type: 'Attribute', parameters: [] },
        },
      ],
    });
  });

  test('derives the definitions from the rows', () => {
    const [source, target] = schema.directories.map(({ objects }) => objects[0]?.attributes ?? []);
    expect(source?.map(({ name, type, anchor }) => [name, type, anchor])).toEqual([
      ['objectId', 'String', true],
      ['IsSoftDeleted', 'Boolean', false],
      ['userPrincipalName', 'String', false],
      ['manager', 'Reference', false],
    ]);
    expect(target?.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['id', 'String', false],
      ['userName', 'String', true],
      ['active', 'Boolean', false],
      ['userType', 'String', false],
      ['manager', 'Reference', false],
    ]);
  });

  test('adds definitions for rows written since the import', () => {
    const schemaWithOwn = structuredClone(schema) as unknown as { directories: { version: string }[] };
    for (const directory of schemaWithOwn.directories) directory.version = '1';
    const file = imported(schemaWithOwn);
    const [users] = file.objects;
    const rows = [...(users?.map ?? []), { to: 'title', from: 'jobTitle' }];
    const edited = exportSchema({ ...file, objects: users === undefined ? [] : [{ ...users, map: rows }] });
    const names = edited.directories.map(({ objects }) => objects[0]?.attributes.at(-1)?.name);
    expect(names).toEqual(['jobTitle', 'title']);
    expect(importSchema(edited, { lenient: false }).findings).toEqual([]);
  });

  test('puts objects written since the import into the first rule, and leaves out names of objects that went', () => {
    const raw = {
      synchronizationRules: [
        { id: 'r1', objectMappings: ['Gone'] },
        { id: 'r2', objectMappings: [{ name: 'kept' }] },
      ],
    };
    const rules = exportSchema({ ...MAPPING, raw }).synchronizationRules;
    expect(rules.map(({ id, objectMappings }) => [id, objectMappings.map(({ name }) => name)])).toEqual([
      ['r1', ['Users']],
      ['r2', ['kept']],
    ]);
  });
});
