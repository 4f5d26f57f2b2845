/** Accounts of Workplace in the words of SCIM 1.x, for tests. */
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { idOf, openProfile } from './exchange.ts';

export const CORE = 'urn:scim:schemas:core:1.0';
export const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:1.0';
export const AUTH = 'urn:scim:schemas:extension:facebook:auth_method:1.0';
export const FRONTLINE = 'urn:scim:schemas:extension:facebook:frontline:1.0';
export const DATES = 'urn:scim:schemas:extension:facebook:starttermdates:1.0';
export const STATUS = 'urn:scim:schemas:extension:facebook:accountstatusdetails:1.0';

export const ana: ScimResource = {
  schemas: [CORE],
  userName: 'ana@contoso.com',
  externalId: 'A1',
  active: true,
  title: 'Clerk',
  name: { formatted: 'Ana Sousa', givenName: 'Ana' },
  emails: [{ type: 'work', value: 'ana@contoso.com', primary: true }],
};

export async function open(profile: string, ...users: readonly ScimResource[]) {
  const opened = openProfile(profile);
  const ids: string[] = [];
  for (const one of users) ids.push(idOf(await opened.send('POST', '/Users', one)));
  return { ...opened, path: `/Users/${ids[0] ?? ''}`, id: ids[0] ?? '' };
}
