/** A company at Workplace for tests: its accounts, and an application that holds them. */
import type { JsonValue, ScimResource } from '../../../engine/model/scim-message.ts';
import { idOf, openProfile, patch, user } from './exchange.ts';

export const AUTH = 'urn:ietf:params:scim:schemas:extension:facebook:authmethod:2.0:User';
export const FRONTLINE = 'urn:ietf:params:scim:schemas:extension:facebook:frontline:2.0:User';
export const DATES = 'urn:ietf:params:scim:schemas:extension:facebook:starttermdates:2.0:User';
export const STATUS = 'urn:ietf:params:scim:schemas:extension:facebook:accountstatusdetails:2.0:User';
/** The clock of the application, in seconds. */
export const NOW_SECONDS = 1_767_225_600;
export const WEEK = 7 * 24 * 3600;

export const ana = user({
  userName: 'ana@contoso.com',
  externalId: 'A1',
  active: true,
  name: { givenName: 'Ana', familyName: 'Sousa', formatted: 'Ana Sousa' },
  emails: [{ type: 'work', value: 'ana@contoso.com', primary: true }],
});
export const ben = {
  ...ana,
  userName: 'ben@contoso.com',
  externalId: 'B1',
  emails: [{ type: 'work', value: 'ben@contoso.com' }],
};
/** An account without userName and e-mail. */
export const fay = user({ externalId: '77', active: true, name: { formatted: 'Fay' } });

export async function open(...users: readonly ScimResource[]) {
  const opened = openProfile('workplace');
  const ids: string[] = [];
  for (const one of users) ids.push(idOf(await opened.send('POST', '/Users', one)));
  const id = ids[0] ?? '';
  return {
    ...opened,
    ids,
    path: `/Users/${id}`,
    claim: () => opened.control('POST', `/users/${id}/claim`),
    write: (path: string, value: JsonValue) =>
      opened.send('PATCH', `/Users/${id}`, patch({ op: 'replace', path, value })),
    set: (settings: ScimResource) => opened.control('PATCH', '/settings', settings),
    shown: () => opened.app.state.users().map(({ accountState }) => accountState),
  };
}
