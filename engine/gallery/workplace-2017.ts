/** Workplace by Facebook as its tutorial of 2017 describes it (gallery.md 3). */
import type { ApplicationProfile } from './application-profile.ts';
import { workplaceAttributes } from './workplace-attributes.ts';

/** The 22 rows known before September 2020 (WF-11). Only `userName` is known to be filterable (gallery.md 6). */
const attributes = workplaceAttributes('scim1')
  .filter(({ since }) => since === undefined)
  .map((attribute) => (attribute.name === 'externalId' ? { ...attribute, filterable: false } : attribute));

export const workplace2017: ApplicationProfile = {
  name: 'workplace-2017',
  title: 'Workplace by Facebook',
  errors: { name: 'Facebook', zero: 'zero' },
  template: 'FacebookAtWorkOutDelta',
  tenantUrl: {
    accepts: /^https:\/\/www\.facebook\.com\/company\/\d+\/scim(\/v1)?$/,
    example: 'https://www.facebook.com/company/<company id>/scim/',
  },
  credentials: 'token',
  client: 'scim11',
  needsUserAgent: true,
  interval: 'PT20M',
  trigger: 'interval',
  scopes: ['assigned'],
  defaultAccess: 'skip',
  adminRight: 'an account with Team Admin permissions at Workplace',
  primaryWork: ['emails', 'addresses', 'phoneNumbers'],
  attributes: { User: attributes },
};
