/** App roles, the tenant and distinguished names (expressions.md 8.4, 8.5). */
import { toPosition, toRecords, toTextOrNull } from '../coerce.ts';
import { ExpressionError } from '../expression-error.ts';
import type { EvaluationOptions, FunctionDefinition } from '../function-definition.ts';
import { listOrNull, type RecordValue, type Value } from '../value.ts';
import {
  ATTRIBUTE_TUTORIAL,
  CLOUD_SYNC,
  GRAPH_FUNCTIONS,
  ONLY_IN_CLOUD_SYNC,
  ONLY_IN_GRAPH,
  reference,
} from './specification.ts';

/** The type Entra gives to every role it sends. */
const ROLE_TYPE = 'WindowsAzureActiveDirectoryRole';
const ROLES = { name: 'appRoleAssignments', key: 'source' } as const;
const ADMIN = { appRoleAssignments: [{ id: '1', value: 'Admin', displayName: 'Administrator' }] };

export const appRoleAssignments: FunctionDefinition = {
  name: 'AppRoleAssignments',
  summary: 'Gives the names of the assigned app roles.',
  specification: GRAPH_FUNCTIONS,
  parameters: [{ name: 'source' }],
  undocumented: ONLY_IN_GRAPH,
  examples: [['AppRoleAssignments([appRoleAssignments])', ['Administrator'], ADMIN]],
  evaluate: ([source], { options }) => listOrNull(toRecords(source).map((role) => roleName(role, options))),
};

export const appRoleAssignmentsComplex: FunctionDefinition = {
  name: 'AppRoleAssignmentsComplex',
  summary: 'Gives the assigned app roles as objects; roles are only ever added to the target.',
  specification: reference('approleassignmentscomplex'),
  parameters: [ROLES],
  examples: [['Count(AppRoleAssignmentsComplex([appRoleAssignments]))', '1', ADMIN]],
  evaluate: ([source]) => complexRoles(toRecords(source), 'displayName'),
};

export const assertiveAppRoleAssignmentsComplex: FunctionDefinition = {
  name: 'AssertiveAppRoleAssignmentsComplex',
  summary: 'Gives the assigned app roles as objects; they replace the roles of the target.',
  specification: ATTRIBUTE_TUTORIAL,
  parameters: [ROLES],
  examples: [['Count(AssertiveAppRoleAssignmentsComplex([appRoleAssignments]))', '1', ADMIN]],
  evaluate: ([source]) => complexRoles(toRecords(source), 'display'),
};

function complexRoles(roles: readonly RecordValue[], label: 'display' | 'displayName'): readonly RecordValue[] | null {
  return listOrNull(
    roles.map((role) => {
      const displayName = field(role, 'displayName') ?? field(role, 'value') ?? '';
      return { primary: false, type: ROLE_TYPE, [label]: displayName, value: field(role, 'value') ?? displayName };
    }),
  );
}

export const singleAppRoleAssignment: FunctionDefinition = {
  name: 'SingleAppRoleAssignment',
  summary: 'Gives the name of the one assigned app role.',
  specification: reference('singleapproleassignment'),
  parameters: [ROLES],
  examples: [
    ['SingleAppRoleAssignment([appRoleAssignments])', 'Administrator', ADMIN],
    ['SingleAppRoleAssignment([appRoleAssignments])', null],
  ],
  evaluate: ([source], { options }) => {
    const roles = toRecords(source);
    if (roles.length > 1) {
      throw new ExpressionError(
        'MultipleAppRoleAssignments',
        `no more than one app role assignment is expected, ${roles.length} were found`,
      );
    }
    const [role] = roles;
    return role === undefined ? null : roleName(role, options);
  },
};

function roleName(role: RecordValue, { roleName: preferred = 'displayName' }: EvaluationOptions): string {
  return field(role, preferred) ?? field(role, 'displayName') ?? field(role, 'value') ?? '';
}

function field(role: RecordValue, name: string): string | undefined {
  const held = Object.hasOwn(role, name) ? role[name] : undefined;
  return typeof held === 'string' ? held : undefined;
}

export const defaultDomain: FunctionDefinition = {
  name: 'DefaultDomain',
  summary: 'Gives the default verified domain of the tenant.',
  specification: GRAPH_FUNCTIONS,
  parameters: [],
  undocumented: ONLY_IN_GRAPH,
  examples: [['Join("@", "ada", DefaultDomain())', 'ada@contoso.com']],
  evaluate: (_, { context }) => {
    if (context.defaultDomain !== undefined) return context.defaultDomain;
    throw new ExpressionError(
      'MissingContext',
      'the default domain of the tenant is not known here; the configuration says it as defaultDomain',
    );
  },
};

export const dnComponent: FunctionDefinition = {
  name: 'DNComponent',
  summary: 'Gives the value of a component of a distinguished name, counted from the left.',
  specification: CLOUD_SYNC,
  parameters: [{ name: 'dn' }, { name: 'componentNumber', takes: 'integer', read: readComponentNumber }],
  undocumented: ONLY_IN_CLOUD_SYNC,
  examples: [['DNComponent("CN=Lovelace\\\\, Ada,OU=Sales,DC=contoso", 1)', 'Lovelace, Ada']],
  evaluate: ([dn, componentNumber]) => {
    const text = toTextOrNull(dn);
    const number = readComponentNumber(componentNumber);
    const component = splitNames(text ?? '')[number - 1];
    if (component === undefined) return null;
    return unescapeName(component.slice(component.indexOf('=') + 1).trim());
  },
};

function readComponentNumber(value: Value | undefined): number {
  const number = toPosition(value);
  if (number < 1) throw new ExpressionError('ArgumentOutOfRange', 'components are counted from 1');
  return number;
}

/** Components between commas that are not escaped (RFC 4514 section 2). */
function splitNames(dn: string): readonly string[] {
  const components: string[] = [];
  let start = 0;
  for (let index = 0; index <= dn.length; index++) {
    if (dn.charAt(index) === '\\') {
      index += 1;
    } else if (index === dn.length || dn.charAt(index) === ',') {
      components.push(dn.slice(start, index));
      start = index + 1;
    }
  }
  return dn === '' ? [] : components;
}

function unescapeName(value: string): string {
  return value.replaceAll(/\\(.)/gs, '$1');
}
