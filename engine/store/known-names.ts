/**
 * Names that nearly every log record and link repeats, kept as numbers: spelled out they are half of what a cycle writes.
 * A number is the place in the list, so names are only ever added, at its end; one that is not in it is spelled out.
 */

const NAMES: readonly string[] = [
  // What a step is called, what kind it is, and how it went (cycle.md 10b).
  'EntryImportAdd',
  'EntryImportUpdate',
  'EntryImportDelete',
  'EntryImport',
  'EntryEscrowRetry',
  'EntrySynchronizationScoping',
  'EntrySynchronizationAdd',
  'EntrySynchronizationUpdate',
  'EntrySynchronizationSkip',
  'EntryExportAdd',
  'EntryExportUpdate',
  'EntryExportUpdateSoftDelete',
  'EntryExportDelete',
  'import',
  'scoping',
  'matching',
  'processing',
  'referenceResolution',
  'export',
  'success',
  'failure',
  'skipped',
  'warning',
  // Identities, and what steps tell about them.
  'User',
  'Group',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'id',
  'odatatype',
  'DisplayName',
  'UserPrincipalName',
  'Active in the source system',
  'Assigned to the application',
  'User has the required role',
  'Group has the required role',
  'Scoping filter evaluation passed',
  'ScopeEvaluationResult',
  'ReportableIdentifier',
  'ResponseStatusCode',
  'ErrorCode',
  'SkipReason',
  'PropertyName',
  // Attributes of the directory.
  'objectId',
  'IsSoftDeleted',
  'accountEnabled',
  'appRoleAssignments',
  'city',
  'companyName',
  'country',
  'department',
  'dirSyncEnabled',
  'displayName',
  'employeeId',
  'employeeHireDate',
  'employeeOrgData.costCenter',
  'employeeOrgData.division',
  'facsimileTelephoneNumber',
  'givenName',
  'jobTitle',
  'mail',
  'mailNickname',
  'manager',
  'members',
  'mobile',
  'originalUserPrincipalName',
  'physicalDeliveryOfficeName',
  'postalCode',
  'preferredLanguage',
  'securityEnabled',
  'state',
  'streetAddress',
  'surname',
  'telephoneNumber',
  'usageLocation',
  'userPrincipalName',
  'userType',
  // Paths of the shipped mappings.
  'userName',
  'active',
  'title',
  'externalId',
  'name.givenName',
  'name.familyName',
  'name.formatted',
  'emails[type eq "work"].value',
  'phoneNumbers[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'phoneNumbers[type eq "fax"].value',
  'addresses[type eq "work"].formatted',
  'addresses[type eq "work"].streetAddress',
  'addresses[type eq "work"].locality',
  'addresses[type eq "work"].region',
  'addresses[type eq "work"].postalCode',
  'addresses[type eq "work"].country',
  'addresses[type eq "other"].formatted',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  'urn:scim:schemas:extension:enterprise:1.0.employeeNumber',
  'urn:scim:schemas:extension:enterprise:1.0.department',
  'urn:scim:schemas:extension:enterprise:1.0.costCenter',
  'urn:scim:schemas:extension:enterprise:1.0.division',
  'urn:scim:schemas:extension:enterprise:1.0.organization',
  'urn:scim:schemas:extension:enterprise:1.0.manager',
  'urn:scim:schemas:extension:facebook:starttermdates:1.0.startDate',
  'urn:scim:schemas:extension:facebook:frontline:1.0.is_frontline',
  'urn:scim:schemas:extension:facebook:auth_method:1.0:auth_method',
];

const NUMBERS: ReadonlyMap<string, number> = new Map(NAMES.map((name, number) => [name, number]));

/** A name as it is kept. */
export type KeptName = number | string;

export function keptName(name: string): KeptName {
  return NUMBERS.get(name) ?? name;
}

/** The name again. @throws Error for a number that only a newer version knows */
export function nameOf(kept: KeptName): string {
  if (typeof kept === 'string') return kept;
  const name = NAMES[kept];
  if (name === undefined) throw new Error(`the state holds a name that this version does not know (${kept})`);
  return name;
}

/** Adds the names of `values` and the values in turn. */
export function addPairs<Value>(to: (KeptName | Value)[], values: Readonly<Record<string, Value>>): void {
  for (const name of Object.keys(values)) to.push(keptName(name), values[name] as Value);
}

/** The record of names and values in turn. */
export function recordOf<Value>(pairs: readonly (KeptName | Value)[]): Readonly<Record<string, Value>> {
  const entries: [string, Value][] = [];
  for (let at = 0; at < pairs.length; at += 2) entries.push([nameOf(pairs[at] as KeptName), pairs[at + 1] as Value]);
  return Object.fromEntries(entries);
}
