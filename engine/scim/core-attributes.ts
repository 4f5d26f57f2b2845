/** Names that RFC 7643 gives to attributes of the core schemas (4.1, 4.2), for telling a misspelling from an extension. */
import { suggest } from '../model/suggest.ts';

const NAME = ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'];

const COMMON = ['id', 'externalId', 'meta'];

const CORE: Readonly<Record<string, readonly string[]>> = {
  User: [
    ...COMMON,
    ...[
      'userName',
      'name',
      'displayName',
      'nickName',
      'profileUrl',
      'title',
      'userType',
      'preferredLanguage',
      'locale',
    ],
    ...[
      'timezone',
      'active',
      'password',
      'emails',
      'phoneNumbers',
      'ims',
      'photos',
      'addresses',
      'groups',
      'entitlements',
    ],
    ...['roles', 'x509Certificates'],
  ],
  Group: [...COMMON, 'displayName', 'members'],
};

/**
 * `path` with the attribute that it probably means, for a resource `type` of SCIM; undefined when it is one, or resembles none.
 * Case does not matter to SCIM (RFC 7643, 2.1).
 */
export function nearCoreAttribute(type: string, path: string): string | undefined {
  const known = CORE[type];
  const [, first = '', rest = ''] = /^([A-Za-z]\w*)(.*)$/s.exec(path) ?? [];
  if (known === undefined || first === '' || rest.startsWith(':')) return undefined;
  if (!has(known, first)) {
    const near = suggest(first, known);
    return near === undefined ? undefined : near + rest;
  }
  const part = /^\.(\w+)$/.exec(rest)?.[1];
  if (first.toLowerCase() !== 'name' || part === undefined || has(NAME, part)) return undefined;
  const near = suggest(part, NAME);
  return near === undefined ? undefined : `${first}.${near}`;
}

function has(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
