/** Workplace from Meta over SCIM 2.0, and the same application before its upgrade, over SCIM 1.0 (gallery.md 2). */
import type { ApplicationProfile } from './application-profile.ts';
import { META_FAMILY } from './meta-family.ts';
import { workplaceAttributes } from './workplace-attributes.ts';

export const workplace: ApplicationProfile = {
  ...META_FAMILY,
  name: 'workplace',
  title: 'Workplace from Meta',
  template: 'FacebookWorkplace',
  tenantUrl: { accepts: /^https:\/\/scim\.workplace\.com$/, example: 'https://scim.workplace.com/' },
  credentials: 'oauth',
  client: 'entra',
  defaultAccess: 'skip',
  adminRight: 'a System Administrator of Workplace, and an integration with the permission Manage Accounts',
  attributes: { User: workplaceAttributes('scim2') },
};

export const workplaceLegacy: ApplicationProfile = {
  ...workplace,
  name: 'workplace-legacy',
  title: 'Workplace from Meta (SCIM 1.0)',
  template: 'FacebookAtWorkOutDelta',
  tenantUrl: {
    accepts: /^https:\/\/www\.(workplace|facebook)\.com\/scim\/v1$/,
    example: 'https://www.workplace.com/scim/v1/',
  },
  client: 'scim11',
  attributes: { User: workplaceAttributes('scim1') },
};
