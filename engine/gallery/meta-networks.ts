/** Meta Networks Connector (gallery.md 4). */
import type { ApplicationProfile } from './application-profile.ts';

/** Work phone came, e-mail and manager went, and names became required (MN-09). */
const CHANGED = '2022-04-06';

export const metaNetworks: ApplicationProfile = {
  name: 'meta-networks',
  title: 'Meta Networks Connector',
  template: 'MetaNetworksConnector',
  tenantUrl: {
    // The placeholder of the document, "<IdP ID>", is percent-encoded in a URL's normal form and so refused.
    accepts: /^https:\/\/api\.metanetworks\.com\/v1\/scim\/[A-Za-z0-9_-]+$/,
    example: 'https://api.metanetworks.com/v1/scim/<IdP ID>, with the id of your identity provider',
  },
  credentials: 'token',
  client: 'entra',
  needsUserAgent: false,
  interval: 'PT40M',
  trigger: 'interval',
  scopes: ['assigned', 'all'],
  defaultAccess: 'skip',
  onlyRoleCounts: true,
  onSharedTarget: 'fail',
  adminRight: 'an account with Admin permissions, and an API key of this IdP with Write on Users and on Groups',
  primaryWork: ['emails'],
  attributes: {
    User: [
      { name: 'userName', type: 'string', filterable: true },
      { name: 'active', type: 'boolean' },
      { name: 'phoneNumbers[type eq "work"].value', type: 'string', since: CHANGED },
      { name: 'emails[type eq "work"].value', type: 'string', until: CHANGED },
      { name: 'name.givenName', type: 'string', requiredSince: CHANGED },
      { name: 'name.familyName', type: 'string', requiredSince: CHANGED },
      {
        name: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
        type: 'reference',
        until: CHANGED,
      },
    ],
    Group: [
      { name: 'displayName', type: 'string', filterable: true },
      { name: 'members', type: 'reference' },
    ],
  },
};
