/** Which choices of a mapping the cases reach: branches of Switch and IIF, and both verdicts of every scoping clause. */
import { type CallNode, type ExpressionNode, walk } from '../expression/ast.ts';
import { compileExpression, compileTree } from '../expression/evaluate.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { printExpression } from '../expression/print.ts';
import type { Place } from '../model/diagnostic.ts';
import type { MappingDocument, ObjectMapping } from '../model/mapping.ts';
import type { Subject } from '../plan/subject.ts';
import { explainFilter, GROUP_SETS, type GroupSet } from '../scope/scoping-filter.ts';
import type { ClauseSet, CoveragePoint, MappingTest } from './mapping-test.ts';

type Missing = { readonly at: Place; readonly what: string };

export type Coverage = {
  readonly branches: { readonly total: number; readonly reached: number };
  /** A clause is reached when it lets one case pass and stops another. */
  readonly clauses: { readonly total: number; readonly reached: number };
  readonly missing: readonly Missing[];
};

/** An object of a case with the index of its object mapping. */
export type Covered = { readonly mapping: number; readonly subject: Subject };

type Branch = { readonly node: ExpressionNode; readonly what: string };
type Point = { readonly point: CoveragePoint; readonly missing: string | undefined };

const SETS: Readonly<Record<GroupSet, ClauseSet>> = {
  groups: 'where',
  inputFilterGroups: 'preFilter',
  categoryFilterGroups: 'category',
};

/** What `covered` reaches of the enabled object mappings. */
export function coverageOf(test: MappingTest, covered: readonly Covered[]): Coverage {
  const points = enabled(test.document).flatMap(([mapping, index]) => {
    const subjects = covered.filter((one) => one.mapping === index).map((one) => one.subject);
    return [...branchPoints(mapping, index, subjects), ...clausePoints(mapping, index, subjects)];
  });
  const missing = points.flatMap(({ point, missing: what }) =>
    what === undefined ? [] : [{ at: test.placeOf(point), what }],
  );
  return { branches: tally(points, 'branch'), clauses: tally(points, 'clause'), missing };
}

function enabled(document: MappingDocument): readonly (readonly [ObjectMapping, number])[] {
  return document.objects.map((mapping, index) => [mapping, index] as const).filter(([mapping]) => mapping.enabled);
}

function tally(points: readonly Point[], kind: CoveragePoint['kind']): Coverage['branches'] {
  const all = points.filter(({ point }) => point.kind === kind);
  return { total: all.length, reached: all.filter(({ missing }) => missing === undefined).length };
}

function branchPoints(mapping: ObjectMapping, index: number, subjects: readonly Subject[]): readonly Point[] {
  return mapping.map.flatMap(({ source, target }, row) => {
    if (source.kind !== 'expression') return [];
    const { tree } = compileExpression(source.text);
    const branches = [...walk(tree)].flatMap((node) => (node.kind === 'call' ? branchesOf(node) : []));
    const reached = branches.length === 0 ? new Set() : reachedNodes(tree, subjects);
    return branches.map(({ node, what }) => ({
      point: { kind: 'branch', mapping: index, row, start: node.start, length: node.length } as const,
      missing: reached.has(node) ? undefined : `${target}: ${what}`,
    }));
  });
}

/** An omitted default gives no value and is no branch. */
function branchesOf({ name, arguments: list }: CallNode): readonly Branch[] {
  const branch = (node: ExpressionNode | undefined, what: string): readonly Branch[] =>
    node === undefined ? [] : [{ node, what }];
  if (name === 'IIF') return [...branch(list[1], 'IIF is never true'), ...branch(list[2], 'IIF is never false')];
  if (name !== 'Switch') return [];
  const keys = list.flatMap((key, position) => {
    if (position < 2 || position % 2 === 1) return [];
    return branch(
      list[position + 1],
      `no case reaches the Switch key ${key === undefined ? '' : printExpression(key)}`,
    );
  });
  return [...branch(list[1], 'no case reaches the default of Switch'), ...keys];
}

function reachedNodes(tree: ExpressionNode, subjects: readonly Subject[]): ReadonlySet<unknown> {
  const reached = new Set<ExpressionNode>();
  const evaluate = compileTree(tree, { value: (node) => reached.add(node), failure: (node) => reached.add(node) });
  for (const { attributes, context } of subjects) {
    try {
      evaluate(attributes, context);
    } catch (error) {
      // A failing expression is the business of the case; what it reached counts.
      if (!(error instanceof ExpressionError)) throw error;
    }
  }
  return reached;
}

function clausePoints(mapping: ObjectMapping, index: number, subjects: readonly Subject[]): readonly Point[] {
  const verdicts = subjects.map(({ attributes }) => explainFilter(mapping.scope, attributes).groups);
  return GROUP_SETS.flatMap((set) =>
    (mapping.scope?.[set] ?? []).flatMap(({ clauses }, group) =>
      clauses.map(({ sourceOperandName, operatorName }, clause) => {
        const results = verdicts.map(
          (groups) => groups.filter((one) => one.set === set)[group]?.clauses[clause]?.passed === true,
        );
        const lacking = [
          ...(results.includes(true) ? [] : ['lets no case pass']),
          ...(results.includes(false) ? [] : ['stops no case']),
        ];
        return {
          point: { kind: 'clause', mapping: index, set: SETS[set], group, clause } as const,
          missing:
            lacking.length === 0 ? undefined : `clause ${sourceOperandName} ${operatorName} ${lacking.join(' and ')}`,
        };
      }),
    ),
  );
}
