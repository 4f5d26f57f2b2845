/** Every finding of an import and its place (graph-api.md 8.3, 8.4; ruling R13). */
import { describe, expect, test } from 'vitest';
import { exportSchema } from '../../../engine/schema/export-schema.ts';
import { importSchema } from '../../../engine/schema/import-schema.ts';
import { normalizeSchema } from '../../../engine/schema/normalize-schema.ts';
import { ACTIVE, codesOf, type Fields, importStrictly, OBJECT, ROW, schema } from './small-schema.ts';

describe('findings', () => {
  const unknown = { operatorName: 'Present', sourceOperandName: 'mail', targetOperand: { values: [] } };
  test.each<[string, Fields, readonly string[]]>([
    [
      'a document that is none',
      { synchronizationRules: 5 },
      ['error wrong-type synchronizationRules', 'error nothing-to-run synchronizationRules'],
    ],
    ['no directories', schema({ top: { directories: [] } }), ['warning no-directories ']],
    [
      'an undocumented member',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail' }, flowType: 'Add' }] }),
      [`error unknown-member ${ROW}.flowType`],
    ],
    [
      'an undocumented flag',
      schema({ object: { flowTypes: 'Add,Purge' } }),
      [`error unknown-member ${OBJECT}.flowTypes`],
    ],
    ['text where a list belongs', schema({ object: { metadata: 'x' } }), [`error wrong-type ${OBJECT}.metadata`]],
    [
      'a name and an expression that differ',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail', expression: '[department]' } }] }),
      [`warning source-disagrees ${ROW}.source.expression`],
    ],
    [
      'a function without an expression',
      schema({ rows: [{ targetAttributeName: 'title', source: { type: 'Function', name: '1+', parameters: [] } }] }),
      [`error no-expression ${ROW}.source`, `error parse-error ${ROW}.source.expression`],
    ],
    [
      'an expression nobody can read',
      schema({ rows: [{ targetAttributeName: 'title', source: { type: 'Function', expression: 'Join(' } }] }),
      [`error parse-error ${ROW}.source.expression`],
    ],
    [
      'a function there is not',
      schema({
        rows: [{ targetAttributeName: 'title', source: { type: 'Function', expression: 'Joinn("a",[mail])' } }],
      }),
      [`error unknown-function ${ROW}.source.expression`],
    ],
    [
      'matching without a source',
      schema({ rows: [{ targetAttributeName: 'title', defaultValue: 'x', matchingPriority: 2 }] }),
      [`warning match-without-source ${ROW}.matchingPriority`],
    ],
    [
      'a name that was redacted',
      schema({ rows: [{ targetAttributeName: 'redacted', source: { name: 'mail' } }], target: [{ name: 'redacted' }] }),
      [`error redacted-name ${ROW}.targetAttributeName`],
    ],
    [
      'two rows for one target',
      schema({ rows: [{ targetAttributeName: 'userName', source: { name: 'mail' } }] }),
      [`error duplicate-target ${ROW}.targetAttributeName`],
    ],
    [
      'no matching row',
      schema({ object: { attributeMappings: [ACTIVE] } }),
      [`error no-matching-attribute ${OBJECT}.attributeMappings`],
    ],
    [
      'an unknown source attribute',
      schema({ rows: [{ targetAttributeName: 'title', source: { name: 'Mail' } }] }),
      [`error unknown-source-attribute ${ROW}.source.name`, `warning attribute-case ${ROW}.source.name`],
    ],
    [
      'an unknown target attribute',
      schema({ rows: [{ targetAttributeName: 'titel', source: { name: 'mail' } }] }),
      [`error unknown-target-attribute ${ROW}.targetAttributeName`],
    ],
    [
      'a required attribute without a row',
      schema({ target: [{ name: 'needed', required: true }] }),
      [`warning required-not-mapped ${OBJECT}.attributeMappings`],
    ],
    [
      'an unknown directory',
      schema({ rule: { targetDirectoryName: 'customapp' } }),
      ['error unknown-directory synchronizationRules.0.targetDirectoryName'],
    ],
    [
      'an undefined object',
      schema({ object: { targetObjectName: 'urn:x:User' } }),
      [`error unknown-object ${OBJECT}.targetObjectName`],
    ],
    [
      'two anchors',
      schema({ target: [{ name: 'second', anchor: true }] }),
      [`error anchor-count ${OBJECT}.targetObjectName`],
    ],
    [
      'an attribute defined twice',
      schema({ source: [{ name: 'mail' }] }),
      ['error duplicate-name directories.0.objects.0.attributes.6.name'],
    ],
    [
      'two filters of a rule',
      schema({ rule: { containerFilter: {}, groupFilter: {} } }),
      ['error two-rule-filters synchronizationRules.0.groupFilter'],
    ],
    [
      'an operator there is not',
      schema({ object: { scope: { groups: [{ clauses: [unknown] }] } } }),
      [`error unknown-operator ${OBJECT}.scope.groups.0.clauses.0.operatorName`],
    ],
    [
      'a filter on several values',
      schema({
        object: {
          scope: { groups: [{ clauses: [{ ...unknown, operatorName: 'IS NULL', sourceOperandName: 'proxies' }] }] },
        },
      }),
      [`error unsupported-scoping-attribute ${OBJECT}.scope.groups.0.clauses.0.sourceOperandName`],
    ],
    [
      'filterGroups',
      schema({ object: { scope: { filterGroups: [] } } }),
      [`warning unknown-filter-set ${OBJECT}.scope.filterGroups`],
    ],
    [
      'a mapping into Entra',
      schema({ rule: { sourceDirectoryName: 'customappsso', targetDirectoryName: 'Microsoft Entra ID' } }),
      [`warning mapping-kept ${OBJECT}`, 'error nothing-to-run synchronizationRules'],
    ],
    [
      'a mapping of something else',
      schema({ object: { sourceObjectName: 'AppRole' } }),
      [`warning mapping-kept ${OBJECT}`, 'error nothing-to-run synchronizationRules'],
    ],
    [
      'a placeholder that is switched off',
      schema({ object: { sourceObjectName: '', enabled: false } }),
      ['error nothing-to-run synchronizationRules'],
    ],
  ])('%s', (_what, document, expected) => {
    expect(codesOf(document)).toEqual(expected);
    expect(importStrictly(document).mapping === undefined).toBe(expected.some((code) => code.startsWith('error')));
  });

  test('--lenient keeps an operator that is not documented, which no cycle evaluates', () => {
    const scope = { groups: [{ clauses: [{ ...unknown, operatorName: 'Valid Cert Match' }] }] };
    const document = schema({ object: { scope } });
    const place = `${OBJECT}.scope.groups.0.clauses.0.operatorName`;
    expect(codesOf(document, { lenient: true })).toEqual([`warning unknown-operator ${place}`]);
    const { mapping } = importSchema(document, { lenient: true });
    expect(mapping?.objects[0]?.where?.[0]?.all[0]?.op).toBe('Valid Cert Match');
    const [rule] = mapping === undefined ? [] : exportSchema(mapping).synchronizationRules;
    expect(rule?.objectMappings[0]?.scope?.groups[0]?.clauses[0]?.operatorName).toBe('Valid Cert Match');
  });

  test('--lenient keeps members that are not documented, with a warning, and writes them back', () => {
    const document = schema({ rows: [{ targetAttributeName: 'title', source: { name: 'mail' }, flowType: 'Add' }] });
    expect(codesOf(document, { lenient: true })).toEqual([`warning unknown-member ${ROW}.flowType`]);
    const { mapping } = importSchema(document, { lenient: true });
    expect(mapping?.objects[0]?.map[2]).toEqual({ to: 'title', from: 'mail', raw: { flowType: 'Add' } });
    const normal = normalizeSchema(document, { lenient: true, report: () => undefined }).schema;
    expect(mapping === undefined ? undefined : exportSchema(mapping)).toStrictEqual(normal);
  });
});
