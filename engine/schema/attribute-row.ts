/** An attribute mapping ↔ a row of `map` (graph-api.md 14). */
import { toText, type YamlRow } from '../config/mapping-file.ts';
import type { AttributeMappingSource } from '../expression/graph-form.ts';
import { printText } from '../expression/print.ts';
import { expressionSource } from './normalize-source.ts';
import { overlay, withRaw } from './raw-fields.ts';
import type { GraphAttributeMapping } from './synchronization-schema.ts';

const FLOW_TYPES: Readonly<Record<NonNullable<YamlRow['apply']>, string>> = {
  always: 'Always',
  onCreate: 'ObjectAddOnly',
  addValues: 'MultiValueAddOnly',
  noRemove: 'ValueAddOnly',
  ifEmpty: 'AttributeAddOnly',
};

const APPLY = ['always', 'onCreate', 'addValues', 'noRemove', 'ifEmpty'] as const;

/** The row; undefined for a mapping that writes nothing (neither source nor default), which a file cannot say. */
export function toYamlRow(mapping: GraphAttributeMapping): YamlRow | undefined {
  const source = toRowSource(mapping.source);
  if (source === undefined || (mapping.source === null && mapping.defaultValue === null)) return undefined;
  const { flowType, matchingPriority } = mapping;
  const apply = APPLY.find((name) => FLOW_TYPES[name] === flowType);
  const row: YamlRow = {
    to: mapping.targetAttributeName,
    ...source,
    ...(mapping.defaultValue === null ? {} : { default: mapping.defaultValue }),
    // A row without a source has nothing to match with; its precedence goes to `raw`.
    ...(matchingPriority === 0 || mapping.source === null ? {} : { match: matchingPriority }),
    ...(apply === undefined || apply === 'always' ? {} : { apply }),
    ...(mapping.flowBehavior === 'FlowAlways' ? { when: 'everyCycle' as const } : {}),
  };
  return withRaw(row, mapping, toAttributeMapping);
}

function toRowSource(source: AttributeMappingSource | null): Pick<YamlRow, 'from' | 'const' | 'expr'> | undefined {
  if (source === null) return {};
  switch (source.type) {
    case 'Attribute':
      return { from: source.name };
    case 'Constant':
      return { const: source.name };
    case 'Function':
      return { expr: source.expression };
    default:
      // A type that --lenient kept.
      return undefined;
  }
}

/** Graph's form of a row. */
export function toAttributeMapping(row: YamlRow): GraphAttributeMapping {
  const mapping = {
    defaultValue: row.default === undefined ? null : toText(row.default),
    exportMissingReferences: false,
    flowBehavior: row.when === 'everyCycle' ? 'FlowAlways' : 'FlowWhenChanged',
    flowType: FLOW_TYPES[row.apply ?? 'always'],
    matchingPriority: row.match ?? 0,
    targetAttributeName: row.to,
    source: toSource(row),
  };
  return overlay(mapping, row.raw);
}

function toSource(row: YamlRow): AttributeMappingSource | null {
  if (row.from !== undefined) return { expression: `[${row.from}]`, name: row.from, type: 'Attribute', parameters: [] };
  if (row.const !== undefined) {
    const text = toText(row.const);
    return { expression: printText(text), name: text, type: 'Constant', parameters: [] };
  }
  // An expression that cannot be read has no name; such a file does not load.
  return row.expr === undefined ? null : (expressionSource(row.expr) as AttributeMappingSource);
}
