/** What is wrong with a case of a mapping test: names that the mapping does not know. */
import { attributesIn } from '../expression/ast.ts';
import { parseExpression } from '../expression/parse.ts';
import type { MappingDocument, ObjectMapping } from '../model/mapping.ts';
import { attributeSpelling } from '../model/source-attributes.ts';
import { suggest } from '../model/suggest.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { errorFinding, type KeyPath, type Report, warningFinding } from './finding.ts';
import type { YamlCase } from './mapping-test-file.ts';

/** Attributes a job computes: what to write instead. */
const COMPUTED: Readonly<Record<string, string>> = {
  issoftdeleted: 'accountEnabled: false, deletedDateTime or assigned: false',
  approleassignments: 'assigned: [Role, …]',
};

/** Index of the object mapping the case is about, -1 when there is none. */
export function chooseMapping(one: YamlCase, document: MappingDocument, report: Report): number {
  const names = document.objects.filter(({ enabled }) => enabled).map(({ name }) => name);
  const name = one.object ?? names[0] ?? '';
  if (names.includes(name)) return document.objects.findIndex((object) => object.name === name);
  const near = suggest(name, names);
  const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${near}"?`;
  report(['object'], errorFinding('unknown-object-mapping', `There is no enabled object mapping "${name}". ${hint}`));
  return -1;
}

/** Attributes that nothing would read, or that cannot be given. */
export function checkGiven({ given }: YamlCase, mapping: ObjectMapping, report: Report): void {
  const reads = readsOf(mapping);
  for (const name of Object.keys(given)) {
    const instead = COMPUTED[name.toLowerCase()];
    const spelling = attributeSpelling(name);
    const at: KeyPath = ['given', name];
    if (instead !== undefined) {
      const summary = `${name} is worked out from the case. Write ${instead}.`;
      report(at, { ...errorFinding('computed-attribute', summary), atKey: true });
    } else if (spelling !== undefined) report(at, { ...warningFinding('attribute-case', spelling), atKey: true });
    else if (!reads.has(name)) {
      const near = suggest(name, reads);
      if (near === undefined || Object.hasOwn(given, near)) continue;
      const summary = `The mapping does not read ${name}. Did you mean "${near}"?`;
      report(at, { ...warningFinding('unread-attribute', summary), atKey: true });
    }
  }
}

/** Source attributes that rows and scoping filters read. */
function readsOf({ map, scope }: ObjectMapping): ReadonlySet<string> {
  const names = map.flatMap(({ source }) => {
    if (source.kind === 'direct') return [source.attribute];
    return source.kind === 'expression' ? attributesIn(parseExpression(source.text)) : [];
  });
  const sets = [scope?.groups, scope?.inputFilterGroups, scope?.categoryFilterGroups];
  const clauses = sets.flatMap((set) => (set ?? []).flatMap((group) => group.clauses));
  return new Set([...names, ...clauses.map(({ sourceOperandName }) => sourceOperandName)]);
}

/** Expectations about target attributes that no row writes. */
export function checkTargets(one: YamlCase, mapping: ObjectMapping, report: Report): void {
  const targets = mapping.map.map(({ target }) => target);
  for (const key of ['expect', 'fails'] as const) {
    for (const target of Object.keys(one[key] ?? {})) {
      if (targets.some((known) => pathKey(known) === pathKey(target))) continue;
      const near = suggest(target, targets);
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      const summary = `No row of "${mapping.name}" writes ${target}.${hint}`;
      report([key, target], { ...errorFinding('unknown-target', summary), atKey: true });
    }
  }
}
