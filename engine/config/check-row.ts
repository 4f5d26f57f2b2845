/** What is wrong with one mapping row by itself (mappings-and-scoping.md 2, 8). */
import { attributesIn, type CallNode, type ExpressionNode, walk } from '../expression/ast.ts';
import { checkExpression } from '../expression/check.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { parseExpression } from '../expression/parse.ts';
import { attributeSpelling, unreadableAttribute } from '../model/source-attributes.ts';
import { checkAttributePath, type PathProblem, pathKey } from '../scim/attribute-path.ts';
import { errorFinding, type Report, sentence, warningFinding } from './finding.ts';
import type { YamlRow } from './mapping-file.ts';

/** Source attributes that are references, written in a later pass. */
const REFERENCES: readonly string[] = ['manager', 'members'];

/** Reports every finding about `row`. */
export function checkRow(row: YamlRow, report: Report): void {
  checkTarget(row, report);
  checkSources(row, report);
  checkDirect(row, report);
  if (row.expr !== undefined) checkRowExpression(row, row.expr, report);
}

function checkTarget(row: YamlRow, report: Report): void {
  const problem = checkAttributePath(row.to) ?? missingPart(row.to);
  if (problem !== undefined) {
    const summary = `"${row.to}" is not a target path: ${problem.message}.`;
    report(['to'], { severity: 'error', code: 'bad-path', summary, offset: problem.offset });
  }
  const limitation = unsupportedTarget(row.to);
  if (limitation !== undefined) report(['to'], warningFinding('unsupported-target', limitation));
  if (pathKey(row.to) !== 'id') return;
  report(['to'], warningFinding('anchor-mapped', 'The id is given by the target. Remove the row, or map externalId.'));
}

/** `emails[type eq "work"]` is the value of the element; an address has none (RFC 7643 section 4.1.2). */
function missingPart(path: string): PathProblem | undefined {
  if (!/^addresses\[[^\]]*\]$/i.test(path)) return undefined;
  return { message: 'an address has no value of its own, name a part of it such as .formatted', offset: path.length };
}

/** What Entra does not provision (cycle.md 13.14, 13.16); undefined for everything else. */
function unsupportedTarget(path: string): string | undefined {
  if (/^photos\b/i.test(path)) return 'Entra provisions no photos. Remove the row.';
  if (/^entitlements\b/i.test(path)) return 'Entra does not support entitlements on SCIM applications. Use roles.';
  return undefined;
}

function checkSources(row: YamlRow, report: Report): void {
  const sources = (['from', 'const', 'expr'] as const).filter((key) => row[key] !== undefined);
  if (sources.length > 1) {
    const summary = `A row has one source; ${row.to} has ${sources.join(' and ')}. Remove all but one.`;
    report(['to'], errorFinding('several-sources', summary));
  }
  if (sources.length > 0) return;
  if (row.default === undefined)
    report(['to'], errorFinding('no-source', `${row.to} needs from, const or expr, or a default.`));
  if (row.match === undefined) return;
  report(['match'], errorFinding('match-without-source', `${row.to} has no source to match with. Add from or expr.`));
}

/** The reference a row writes, by `from` or by an expression that is nothing besides. */
export function referenceOf({
  from,
  expr,
}: YamlRow): { readonly name: string; readonly key: 'from' | 'expr' } | undefined {
  const tree = expr === undefined ? undefined : parseOrNothing(expr);
  const name = from ?? (tree?.kind === 'attribute' ? tree.name : undefined);
  if (name === undefined || !REFERENCES.includes(name)) return undefined;
  return { name, key: from === undefined ? 'expr' : 'from' };
}

function checkDirect(row: YamlRow, report: Report): void {
  const { from, match, to } = row;
  if (match !== undefined && referenceOf(row) !== undefined) {
    const summary = `${to} is a reference, written after the accounts exist, and cannot match them. Match a plain attribute.`;
    report(['match'], errorFinding('match-on-reference', summary));
  }
  if (from === undefined) return;
  if (from === 'appRoleAssignments') {
    const summary =
      'appRoleAssignments is a list of objects; use SingleAppRoleAssignment or AssertiveAppRoleAssignmentsComplex.';
    report(['from'], warningFinding('raw-role-assignments', summary));
  }
  const spelling = attributeSpelling(from);
  if (spelling !== undefined) report(['from'], warningFinding('attribute-case', spelling));
  const unreadable = unreadableAttribute(from);
  if (unreadable !== undefined) report(['from'], warningFinding('unreadable-attribute', unreadable));
}

function checkRowExpression(row: YamlRow, text: string, report: Report): void {
  for (const { severity, code, message, start, length } of checkExpression(text)) {
    report(['expr'], { severity, code, summary: sentence(message), offset: start, length });
  }
  const tree = parseOrNothing(text);
  if (tree === undefined) return;
  for (const node of walk(tree)) {
    const place = { offset: node.start, length: node.length };
    const spelling = node.kind === 'attribute' ? attributeSpelling(node.name) : undefined;
    if (spelling !== undefined) report(['expr'], { ...warningFinding('attribute-case', spelling), ...place });
    const unreadable = node.kind === 'attribute' ? unreadableAttribute(node.name) : undefined;
    if (unreadable !== undefined) report(['expr'], { ...warningFinding('unreadable-attribute', unreadable), ...place });
    if (node.kind === 'call' && node.name === 'SelectUniqueValue') checkUniqueValue(row, node, report);
  }
}

function checkUniqueValue(row: YamlRow, { name, start }: CallNode, report: Report): void {
  const place = { offset: start, length: name.length };
  if (row.match !== undefined) {
    const summary = 'SelectUniqueValue gives an unused value and so matches nobody. Remove "match".';
    report(['expr'], { ...errorFinding('unique-value-match', summary), ...place });
  }
  if (row.apply === 'onCreate') return;
  const summary = 'SelectUniqueValue may run on creation only, or the value changes each time. Add "apply: onCreate".';
  report(['expr'], { ...errorFinding('unique-value-apply', summary), ...place });
}

/** Whether the row takes the source attribute `name`. */
export function readsAttribute(row: YamlRow, name: string): boolean {
  if (row.from === name) return true;
  const tree = row.expr === undefined ? undefined : parseOrNothing(row.expr);
  return tree !== undefined && attributesIn(tree).includes(name);
}

/** The tree of `text`; undefined when it cannot be parsed, which is a finding of its own. */
export function parseOrNothing(text: string): ExpressionNode | undefined {
  try {
    return parseExpression(text);
  } catch (problem) {
    if (problem instanceof ExpressionError) return undefined;
    throw problem;
  }
}
