/** What `validate` would say about the imported mapping file, at the place in the JSON it comes from. */
import { checkMapping } from '../config/check-mapping.ts';
import type { KeyPath, Report } from '../config/finding.ts';
import type { YamlObject } from '../config/mapping-file.ts';
import type { GraphObjectMapping } from './synchronization-schema.ts';

/** An object mapping that can run: as it was and as it will be. */
export type ImportedObject = {
  /** Of the object mapping in the JSON document. */
  readonly path: KeyPath;
  readonly ruleIndex: number;
  readonly graph: GraphObjectMapping;
  /** Positions of the attribute mappings that became rows. */
  readonly rows: readonly number[];
  readonly yaml: YamlObject;
};

const ROW_FIELDS: Readonly<Record<string, KeyPath>> = {
  to: ['targetAttributeName'],
  from: ['source', 'name'],
  const: ['source', 'name'],
  expr: ['source', 'expression'],
  default: ['defaultValue'],
  match: ['matchingPriority'],
  apply: ['flowType'],
  when: ['flowBehavior'],
};

/** Reports the findings about rows and matching. Filters are checked with the definitions. */
export function checkRows(objects: readonly ImportedObject[], report: Report): void {
  const reportRow: Report = (where, finding) => {
    const [, index, part, row, field] = where;
    const object = objects[Number(index)];
    if (object === undefined || part === 'where' || part === 'preFilter' || part === 'category') return;
    if (part !== 'map') {
      report(part === undefined ? object.path : [...object.path, part], finding);
      return;
    }
    const list: KeyPath = [...object.path, 'attributeMappings'];
    const position = object.rows[Number(row)];
    if (row === undefined || position === undefined) report(list, finding);
    else report([...list, position, ...(ROW_FIELDS[String(field)] ?? [])], finding);
  };
  checkMapping({ objects: objects.map(({ yaml }) => yaml) }, reportRow);
}
