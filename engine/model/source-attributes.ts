/** Names of source attributes that every tenant has; their case matters in mappings (mappings-and-scoping.md 5, expressions.md 2). */

import { suggest } from './suggest.ts';

const NAMES = [
  'IsSoftDeleted',
  'accountEnabled',
  'appRoleAssignments',
  'city',
  'companyName',
  'country',
  'department',
  'description',
  'dirSyncEnabled',
  'displayName',
  'employeeHireDate',
  'employeeId',
  'employeeLeaveDateTime',
  'facsimileTelephoneNumber',
  'givenName',
  'jobTitle',
  'mail',
  'mailNickname',
  'manager',
  'members',
  'mobile',
  'objectId',
  'onPremisesSecurityIdentifier',
  'originalUserPrincipalName',
  'physicalDeliveryOfficeName',
  'postalCode',
  'preferredLanguage',
  'proxyAddresses',
  'state',
  'streetAddress',
  'surname',
  'telephoneNumber',
  'userPrincipalName',
  ...Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
];

/** Further attributes of Graph's user and group, which a directory file may hold. */
const GRAPH_NAMES = [
  ...['id', 'aboutMe', 'ageGroup', 'assignedLicenses', 'assignedPlans', 'birthday', 'businessPhones', 'classification'],
  ...[
    'consentProvidedForMinor',
    'createdDateTime',
    'creationType',
    'deletedDateTime',
    'employeeOrgData',
    'employeeType',
  ],
  ...['externalUserState', 'faxNumber', 'groupTypes', 'hireDate', 'identities', 'imAddresses', 'interests'],
  ...['isAssignableToRole', 'lastPasswordChangeDateTime', 'legalAgeGroupClassification', 'licenseAssignmentStates'],
  ...['mailEnabled', 'membershipRule', 'mobilePhone', 'mySite', 'officeLocation', 'onPremisesDistinguishedName'],
  ...['onPremisesDomainName', 'onPremisesExtensionAttributes', 'onPremisesImmutableId', 'onPremisesLastSyncDateTime'],
  ...['onPremisesSamAccountName', 'onPremisesSyncEnabled', 'onPremisesUserPrincipalName', 'otherMails', 'owners'],
  ...['passwordPolicies', 'passwordProfile', 'preferredDataLocation', 'preferredName', 'provisionedPlans'],
  ...['responsibilities', 'schools', 'securityEnabled', 'securityIdentifier', 'showInAddressList', 'skills'],
  ...['usageLocation', 'userType', 'visibility', 'memberOf', 'transitiveMemberOf', 'transitiveMembers'],
];

const BY_LOWER_NAME: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

const BOOLEANS: ReadonlySet<string> = new Set([
  ...['IsSoftDeleted', 'accountEnabled', 'dirSyncEnabled', 'mailEnabled', 'onPremisesSyncEnabled', 'securityEnabled'],
]);
const NO_TEXT: ReadonlySet<string> = new Set([
  ...['appRoleAssignments', 'employeeHireDate', 'employeeLeaveDateTime', 'manager', 'members', 'proxyAddresses'],
]);

const KNOWN: ReadonlySet<string> = new Set([...NAMES, ...GRAPH_NAMES]);

/** They say who is there and who is deleted: what is no text there is an error of the file. */
const DECISIVE: ReadonlySet<string> = new Set(['id', 'deletedDateTime', 'manager', 'members']);

/** True for a well-known attribute that never has a number: digits in it are text, such as `+351` or `0042`. */
export function holdsDigitsAsText(name: string): boolean {
  return KNOWN.has(name) && !DECISIVE.has(name);
}

/** The type of a well-known attribute with a single value; undefined for any other. */
export function typeOfAttribute(name: string): 'String' | 'Boolean' | undefined {
  if (BOOLEANS.has(name)) return 'Boolean';
  return BY_LOWER_NAME.get(name.toLowerCase()) === name && !NO_TEXT.has(name) ? 'String' : undefined;
}

/** Attributes of Entra users that mappings cannot read (cycle.md 13.13). */
const UNREADABLE: ReadonlySet<string> = new Set(['samaccountname', 'usertype']);

/** What to say about an attribute that Entra does not offer as a source; undefined for any other. */
export function unreadableAttribute(name: string): string | undefined {
  if (!UNREADABLE.has(name.toLowerCase())) return undefined;
  return `Entra does not offer ${name} as a source attribute. Copy it into an extension attribute and map that one.`;
}

/** What to say about a well-known attribute in the wrong case; undefined for any other name, since directories may hold more. */
export function attributeSpelling(name: string): string | undefined {
  const known = BY_LOWER_NAME.get(name.toLowerCase());
  if (known === undefined || known === name) return undefined;
  return `Attribute names are case-sensitive: "${name}" is nobody's attribute. Write ${known}.`;
}

/**
 * The well-known attribute that `name` is probably a misspelling of, be it by its case; undefined for well-known names, for those
 * a tenant makes up (`extension_…`, dotted ones), and for names that resemble none.
 */
export function nearAttribute(name: string): string | undefined {
  if (/[._:[]/.test(name) || KNOWN.has(name)) return undefined;
  return suggest(name.trim(), [...NAMES, ...GRAPH_NAMES]);
}
