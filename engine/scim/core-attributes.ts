/** What RFC 7643 says of the attributes of its schemas (4.1 to 4.3): their names, and what one of them holds. */
import type { ResourceType } from '../model/scim-message.ts';
import { suggest } from '../model/suggest.ts';
import { type AttributePath, isCoreUrn } from './attribute-path.ts';

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

const MULTI_VALUED: readonly string[] = [
  ...['emails', 'phoneNumbers', 'ims', 'photos', 'addresses', 'groups', 'entitlements', 'roles', 'x509Certificates'],
  'members',
];

/** Of SCIM 2.0 and of 1.1. */
const ENTERPRISE_URN = /^urn:(ietf:params:)?scim:schemas:extension:enterprise:/i;

const ENTERPRISE = ['employeeNumber', 'costCenter', 'organization', 'division', 'department', 'manager'];

/** What the attribute at a path holds. */
export type CoreAttribute = { readonly multi: boolean; readonly type: 'boolean' | 'string' | undefined };

/** What RFC 7643 says of the attribute at `path`; undefined for one that it does not know. */
export function coreAttribute(type: ResourceType, path: AttributePath): CoreAttribute | undefined {
  const { urn, attribute, filter, sub } = path;
  const isCore = urn === undefined || isCoreUrn(urn);
  const known = isCore ? CORE[type] : ENTERPRISE_URN.test(urn) ? ENTERPRISE : undefined;
  const isKnown = known !== undefined && has(known, attribute);
  // A part of one element, whoever defines the attribute: no schema has lists in there.
  if (filter !== undefined) {
    const isPrimary = sub?.toLowerCase() === 'primary';
    return { multi: false, type: isPrimary ? 'boolean' : isKnown ? 'string' : undefined };
  }
  if (!isKnown) return undefined;
  const multi = isCore && has(MULTI_VALUED, attribute);
  // All elements' sub-attribute at once: RFC 7643 has no such value.
  if (sub !== undefined && multi) return undefined;
  return { multi, type: isCore && attribute.toLowerCase() === 'active' ? 'boolean' : 'string' };
}

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
