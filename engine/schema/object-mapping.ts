/** An object mapping ↔ an entry of `objects` (graph-api.md 14). Rows that a file cannot say stay in `raw`, with their position. */
import type { Raw, YamlObject, YamlRow } from '../config/mapping-file.ts';
import { toAttributeMapping, toYamlRow } from './attribute-row.ts';
import { isFields, overlay, withRaw } from './raw-fields.ts';
import { toScope, toYamlScope } from './scope-filter.ts';
import type { GraphAttributeMapping, GraphObjectMapping } from './synchronization-schema.ts';

const FLOW_TYPES = { create: 'Add', update: 'Update', delete: 'Delete' } as const;
const ACTIONS = ['create', 'update', 'delete'] as const;

/** A row kept as it is, and its position among all rows. */
type KeptRow = { readonly at: number; readonly mapping: GraphAttributeMapping };

/** The positions of the attribute mappings that become rows, in order. */
export function rowPositions(mapping: GraphObjectMapping): readonly number[] {
  return mapping.attributeMappings.flatMap((row, index) => (toYamlRow(row) === undefined ? [] : [index]));
}

/** The entry, under `name`. @param from `mapping.sourceObjectName`, which has been found to be one of these */
export function toYamlObject(mapping: GraphObjectMapping, name: string, from: YamlObject['from']): YamlObject {
  const rows = mapping.attributeMappings.map((row) => ({ row, yaml: toYamlRow(row) }));
  const kept = rows.flatMap(({ row, yaml }, at) => (yaml === undefined ? [{ at, mapping: row }] : []));
  const flows = mapping.flowTypes.split(',');
  const actions = ACTIONS.filter((action) => flows.includes(FLOW_TYPES[action]));
  const yaml: YamlObject = {
    name,
    from,
    to: mapping.targetObjectName,
    ...(mapping.enabled ? {} : { enabled: false }),
    ...(actions.length === ACTIONS.length ? {} : { actions }),
    ...toYamlScope(mapping.scope),
    map: rows.map((one) => one.yaml).filter((row): row is YamlRow => row !== undefined),
  };
  const { attributeMappings: _written, ...fields } = mapping;
  const whole = withRaw(yaml, fields, objectFields);
  return kept.length === 0 ? whole : { ...whole, raw: { ...whole.raw, attributeMappings: kept } };
}

/** Graph's form of an entry. */
export function toGraphObject(yaml: YamlObject): GraphObjectMapping {
  const { metadata, ...fields } = objectFields(yaml);
  const attributeMappings: GraphAttributeMapping[] = yaml.map.map(toAttributeMapping);
  for (const { at, mapping } of keptRows(yaml.raw)) attributeMappings.splice(at, 0, mapping);
  return { ...fields, attributeMappings, metadata };
}

function objectFields(yaml: YamlObject): Omit<GraphObjectMapping, 'attributeMappings'> {
  const { attributeMappings: _rows, ...raw } = yaml.raw ?? {};
  const flows = ACTIONS.filter((action) => (yaml.actions ?? ACTIONS).includes(action));
  const fields = {
    enabled: yaml.enabled ?? true,
    flowTypes: flows.length === 0 ? 'None' : flows.map((action) => FLOW_TYPES[action]).join(','),
    name: yaml.name,
    scope: toScope(yaml),
    sourceObjectName: yaml.from,
    targetObjectName: yaml.to,
    metadata: [],
  };
  return overlay(fields, raw);
}

/** By position. What somebody wrote there that is no row is left out. */
function keptRows(raw: Raw | undefined): readonly KeptRow[] {
  const list = Array.isArray(raw?.attributeMappings) ? (raw.attributeMappings as readonly unknown[]) : [];
  return list
    .filter((one): one is KeptRow => isFields(one) && typeof one.at === 'number' && isFields(one.mapping))
    .sort((a, b) => a.at - b.at);
}
