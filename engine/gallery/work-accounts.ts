/** Meta Work Accounts (gallery.md 1). */
import type { ApplicationProfile } from './application-profile.ts';
import { META_FAMILY } from './meta-family.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const workAccounts: ApplicationProfile = {
  ...META_FAMILY,
  name: 'work-accounts',
  title: 'Meta Work Accounts',
  template: 'FacebookWorkAccounts',
  tenantUrl: {
    fixed: 'https://scim.workplace.com/',
    accepts: /^https:\/\/scim\.workplace\.com$/,
    example: 'https://scim.workplace.com/',
  },
  credentials: 'oauth',
  client: 'entra',
  defaultAccess: 'provision',
  adminRight: 'an admin who may change company settings and configure integrations',
  attributes: {
    User: [
      { name: 'userName', type: 'string', filterable: true },
      { name: 'externalId', type: 'string' },
      { name: 'active', type: 'boolean' },
      { name: 'title', type: 'string' },
      { name: 'emails[type eq "work"].value', type: 'string' },
      { name: 'preferredLanguage', type: 'string' },
      { name: 'name.givenName', type: 'string' },
      { name: 'name.familyName', type: 'string' },
      { name: 'name.formatted', type: 'string', documentRequired: true },
      { name: 'addresses[type eq "work"].formatted', type: 'string' },
      { name: 'addresses[type eq "work"].streetAddress', type: 'string' },
      { name: 'addresses[type eq "work"].locality', type: 'string' },
      { name: 'addresses[type eq "work"].region', type: 'string' },
      { name: 'addresses[type eq "work"].postalCode', type: 'string' },
      { name: 'addresses[type eq "work"].country', type: 'string' },
      { name: 'phoneNumbers[type eq "work"].value', type: 'string' },
      { name: `${ENTERPRISE}:employeeNumber`, type: 'string' },
      { name: `${ENTERPRISE}:department`, type: 'string' },
    ],
  },
};
