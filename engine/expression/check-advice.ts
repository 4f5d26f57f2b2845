/** Warnings about expressions that are valid but do not do what their authors expect (expressions.md 4, 5.7, 8.2, 8.4). */
import { attributesIn, type ExpressionNode, walk } from './ast.ts';
import { findFunction } from './functions/index.ts';
import { printExpression } from './print.ts';

export type Advice = {
  /** kebab-case and stable. */
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly length: number;
};

type Rule = (node: ExpressionNode, tree: ExpressionNode) => Omit<Advice, 'start' | 'length'> | undefined;

const NULL_TESTS: readonly string[] = ['IsNull', 'IsNullOrEmpty', 'IsPresent', 'IsNothing'];
const ROLE_FUNCTIONS: readonly string[] = [
  'AppRoleAssignments',
  'AppRoleAssignmentsComplex',
  'AssertiveAppRoleAssignmentsComplex',
  'SingleAppRoleAssignment',
];

/** Advice on every node of `tree`, in order of the text. */
export function adviseOn(tree: ExpressionNode): readonly Advice[] {
  return [...walk(tree)].flatMap((node) =>
    RULES.flatMap((rule) => {
      const found = rule(node, tree);
      const length = node.kind === 'call' ? node.name.length : node.length;
      return found === undefined ? [] : [{ ...found, start: node.start, length }];
    }),
  );
}

const concatenation: Rule = (node) =>
  node.kind === 'concat'
    ? {
        code: 'undocumented-operator',
        message: 'the & operator is not documented for app provisioning; use Join or Append',
      }
    : undefined;

const undocumentedFunction: Rule = (node) => {
  const reason = node.kind === 'call' ? findFunction(node.name)?.undocumented : undefined;
  return reason === undefined || node.kind !== 'call'
    ? undefined
    : { code: 'undocumented-function', message: `${node.name}: ${reason}` };
};

const iifOnNull: Rule = (node) => {
  const condition = node.kind === 'call' && node.name === 'IIF' ? node.arguments[0] : undefined;
  const names = condition === undefined ? [] : attributesIn(condition);
  if (names.length === 0) return undefined;
  const shown = names.map((name) => `[${name}]`).join(', ');
  return {
    code: 'iif-null-condition',
    message: `the reference lists IIF as unsupported when ${shown} is null or empty; Switch with the key "" is safe`,
  };
};

const switchOnNullTest: Rule = (node) => {
  const source = node.kind === 'call' && node.name === 'Switch' ? node.arguments[0] : undefined;
  return source?.kind === 'call' && NULL_TESTS.includes(source.name)
    ? { code: 'switch-on-null-test', message: `the reference advises against ${source.name} as the source of Switch` }
    : undefined;
};

const switchOnReference: Rule = (node) => {
  const source = node.kind === 'call' && node.name === 'Switch' ? node.arguments[0] : undefined;
  return source?.kind === 'attribute' && source.name === 'manager'
    ? { code: 'switch-on-reference', message: 'Switch does not work on reference attributes such as manager' }
    : undefined;
};

const REFERENCES: readonly string[] = ['manager', 'members'];

/** A reference is translated to the account's id only where a row is that reference (mappings-and-scoping.md 3.4). */
const referenceAsText: Rule = (node) => {
  if (node.kind !== 'call' || NULL_TESTS.includes(node.name) || node.name === 'Count') return undefined;
  const values = node.name === 'IIF' || node.name === 'Switch' ? node.arguments.slice(1) : node.arguments;
  const name = values
    .flatMap((value) => (value?.kind === 'attribute' ? value.name : []))
    .find((one) => REFERENCES.includes(one));
  return name === undefined
    ? undefined
    : {
        code: 'reference-as-text',
        message: `${node.name} gets the ids that [${name}] has in the directory, not those of the accounts; map ${name} directly`,
      };
};

const directRoles: Rule = (node) => {
  const isRoles = (argument: ExpressionNode | undefined) =>
    argument?.kind === 'attribute' && argument.name === 'appRoleAssignments';
  const reads = node.kind === 'call' ? node.arguments.some(isRoles) : false;
  return reads && node.kind === 'call' && !ROLE_FUNCTIONS.includes(node.name) && node.name !== 'Count'
    ? { code: 'app-roles-need-a-function', message: `[appRoleAssignments] goes into ${ROLE_FUNCTIONS.join(', ')} only` }
    : undefined;
};

const uniqueValueScope: Rule = (node) =>
  node.kind === 'call' && node.name === 'SelectUniqueValue'
    ? {
        code: 'select-unique-value-scope',
        message: 'SelectUniqueValue is documented for inbound jobs to Active Directory only, applied at creation',
      }
    : undefined;

const notAFunction: Rule = (node, tree) => {
  if (node !== tree || (node.kind !== 'attribute' && node.kind !== 'constant')) return undefined;
  if (node.kind === 'constant' && node.form === 'name') return undefined;
  const kind = node.kind === 'attribute' ? 'direct' : 'constant';
  return { code: 'not-a-function', message: `${printExpression(node)} needs no expression: use a ${kind} mapping` };
};

const RULES: readonly Rule[] = [
  concatenation,
  directRoles,
  iifOnNull,
  notAFunction,
  referenceAsText,
  switchOnNullTest,
  switchOnReference,
  undocumentedFunction,
  uniqueValueScope,
];
