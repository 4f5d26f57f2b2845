/** Workplace by Facebook as its tutorial of 2017 describes it (gallery.md 3). */
import type { ApplicationProfile } from './application-profile.ts';
import { META_FAMILY } from './meta-family.ts';
import { workplaceAttributes } from './workplace-attributes.ts';

/** The 22 rows known before September 2020 (WF-11). Only `userName` is known to be filterable (gallery.md 6). */
const attributes = workplaceAttributes('scim1')
  .filter(({ since }) => since === undefined)
  .map((attribute) => (attribute.name === 'externalId' ? { ...attribute, filterable: false } : attribute));

export const workplace2017: ApplicationProfile = {
  ...META_FAMILY,
  name: 'workplace-2017',
  title: 'Workplace by Facebook',
  template: 'FacebookAtWorkOutDelta',
  tenantUrl: {
    // Without the company it is the legacy application's address as well: a job that means this one names its profile.
    accepts: /^https:\/\/www\.facebook\.com(\/company\/\d+\/scim(\/v1)?|\/scim\/v1)$/,
    example: 'https://www.facebook.com/company/<company id>/scim/',
  },
  credentials: 'token',
  client: 'scim11',
  interval: 'PT20M',
  scopes: ['assigned'],
  defaultAccess: 'skip',
  adminRight: 'an account with Team Admin permissions at Workplace',
  attributes: { User: attributes },
};
