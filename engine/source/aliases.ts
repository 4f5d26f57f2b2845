/** Graph's names for attributes that the provisioning service knows under another one (mappings-and-scoping.md 5, gallery.md 0.5). */

/** Graph name → source attribute name. */
const ALIASES: Readonly<Record<string, string>> = {
  id: 'objectId',
  mobilePhone: 'mobile',
  faxNumber: 'facsimileTelephoneNumber',
  officeLocation: 'physicalDeliveryOfficeName',
  onPremisesSyncEnabled: 'dirSyncEnabled',
};

/** Okta's profile attributes under `user.`, from what the directory calls them (gallery.md 5.3). */
const OKTA_PROFILE: Readonly<Record<string, string>> = {
  'user.id': 'id',
  'user.login': 'userPrincipalName',
  'user.email': 'mail',
  'user.title': 'jobTitle',
  'user.preferredLanguage': 'preferredLanguage',
  'user.firstName': 'givenName',
  'user.lastName': 'surname',
  'user.displayName': 'displayName',
  'user.streetAddress': 'streetAddress',
  'user.city': 'city',
  'user.state': 'state',
  'user.zipCode': 'postalCode',
  'user.countryCode': 'country',
  'user.primaryPhone': 'telephoneNumber',
  'user.employeeNumber': 'employeeId',
  'user.department': 'department',
};

/** A guest's invented name: the invited address with its last `@` as `_`, then `#EXT#@` and the tenant. */
const GUEST = /^(.+)_([^_]+)#EXT#@/i;

/**
 * The attributes mappings may read: those of the file, plus the service's own names for them.
 * Nested properties can be read by dotted names, `employeeOrgData.division`; Okta's profile names stand for Graph's.
 * A guest's userPrincipalName is the invited address; `originalUserPrincipalName` keeps the full form (cycle.md 4.10).
 */
export function sourceAttributes(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const attributes: Record<string, unknown> = { ...raw };
  for (const [graph, name] of Object.entries(ALIASES)) {
    if (raw[graph] !== undefined && raw[name] === undefined) attributes[name] = raw[graph];
  }
  const phones = raw.businessPhones;
  if (Array.isArray(phones) && raw.telephoneNumber === undefined) attributes.telephoneNumber = phones[0];
  for (const [name, value] of Object.entries(raw)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    for (const [key, nested] of Object.entries(value)) attributes[`${name}.${key}`] ??= nested;
  }
  const extension = raw.onPremisesExtensionAttributes;
  if (typeof extension === 'object' && extension !== null) Object.assign(attributes, extension);
  for (const [okta, name] of Object.entries(OKTA_PROFILE)) {
    const value = attributes[name];
    if (value !== undefined) attributes[okta] ??= value;
  }
  const principal = raw.userPrincipalName;
  if (typeof principal === 'string') {
    attributes.originalUserPrincipalName = raw.originalUserPrincipalName ?? principal;
    attributes.userPrincipalName = principal.replace(/^(.+)#EXT#@.*$/i, (whole) => {
      const match = GUEST.exec(whole);
      return match === null ? whole : `${match[1]}@${match[2]}`;
    });
  }
  return attributes;
}
