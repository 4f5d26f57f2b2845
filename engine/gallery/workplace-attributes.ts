/** The attribute list of Workplace, and where each value goes over SCIM 2.0 and 1.0 (gallery.md 0.6, 2.3). */
import type { ListedAttribute } from './application-profile.ts';

const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';
const FACEBOOK_1 = 'urn:scim:schemas:extension:facebook';
const ENTERPRISE_2 = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const FACEBOOK_2 = 'urn:ietf:params:scim:schemas:extension:facebook';

/** Seven attributes came with the change of 2020-09-10 (WM-21). */
const SINCE_2020 = '2020-09-10';

type Protocol = 'scim1' | 'scim2';

/** 29 rows in the document's order. The document keeps the 1.0 names although the endpoint speaks SCIM 2.0. */
export function workplaceAttributes(protocol: Protocol): readonly ListedAttribute[] {
  const enterprise = (name: string, sub = name, more: Partial<ListedAttribute> = {}): ListedAttribute => ({
    name: `${ENTERPRISE_1}.${name}`,
    type: 'string',
    wire: `${protocol === 'scim1' ? ENTERPRISE_1 : ENTERPRISE_2}:${sub}`,
    ...more,
  });
  const facebook = (extension: string, one: Pick<ListedAttribute, 'name' | 'type'>, wire: string): ListedAttribute => ({
    ...one,
    since: SINCE_2020,
    wire:
      protocol === 'scim1'
        ? `${FACEBOOK_1}:${extension}:1.0:${wire}`
        : `${FACEBOOK_2}:${extension.replace('_', '')}:2.0:User:${wire === 'auth_method' ? 'authMethod' : wire}`,
  });
  return [
    // Not required by the engine: an account without e-mail is created by its externalId.
    { name: 'userName', type: 'string', required: false, filterable: true },
    { name: 'displayName', type: 'string' },
    { name: 'active', type: 'boolean', ...(protocol === 'scim1' ? { documentRequired: true } : {}) },
    { name: 'title', type: 'string', documentType: 'Boolean' },
    { name: 'emails[type eq "work"].value', type: 'string' },
    { name: 'name.givenName', type: 'string' },
    { name: 'name.familyName', type: 'string' },
    { name: 'name.formatted', type: 'string', documentRequired: true },
    { name: 'addresses[type eq "work"].formatted', type: 'string' },
    { name: 'addresses[type eq "work"].streetAddress', type: 'string' },
    { name: 'addresses[type eq "work"].locality', type: 'string' },
    { name: 'addresses[type eq "work"].region', type: 'string' },
    { name: 'addresses[type eq "work"].country', type: 'string' },
    { name: 'addresses[type eq "work"].postalCode', type: 'string' },
    { name: 'addresses[type eq "other"].formatted', type: 'string' },
    { name: 'phoneNumbers[type eq "work"].value', type: 'string' },
    { name: 'phoneNumbers[type eq "mobile"].value', type: 'string' },
    { name: 'phoneNumbers[type eq "fax"].value', type: 'string' },
    { name: 'externalId', type: 'string', filterable: true },
    { name: 'preferredLanguage', type: 'string' },
    enterprise('manager', 'manager.managerId', { type: 'integer', documentType: 'String' }),
    enterprise('department'),
    enterprise('division', 'division', { since: SINCE_2020 }),
    enterprise('organization', 'organization', { since: SINCE_2020 }),
    enterprise('costCenter', 'costCenter', { since: SINCE_2020 }),
    enterprise('employeeNumber', 'employeeNumber', { since: SINCE_2020 }),
    facebook('auth_method', { name: `${FACEBOOK_1}:auth_method:1.0:auth_method`, type: 'string' }, 'auth_method'),
    facebook('frontline', { name: `${FACEBOOK_1}:frontline:1.0.is_frontline`, type: 'boolean' }, 'is_frontline'),
    facebook('starttermdates', { name: `${FACEBOOK_1}:starttermdates:1.0.startDate`, type: 'integer' }, 'startDate'),
  ];
}
