/** What RFC 7643 says of the attributes of its schemas (4.1 to 4.3): their names, and what one of them holds. */
import type { ResourceType } from '../model/scim-message.ts';
import { suggest } from '../model/suggest.ts';
import { type AttributePath, checkAttributePath, isCoreUrn, parseAttributePath } from './attribute-path.ts';

const NAME = ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'];

/** Of an element of any list (RFC 7643, 2.4), and of an address besides. */
const ELEMENT = ['value', 'display', 'type', 'primary', '$ref'];
const ADDRESS = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];

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
export type CoreAttribute = {
  readonly multi: boolean;
  readonly type: 'boolean' | 'string' | undefined;
  /** Consists of sub-attributes. */
  readonly complex: boolean;
};

/** Beside the multi-valued ones. */
const COMPLEX: readonly string[] = ['name', 'meta', 'manager'];

/** What RFC 7643 says of the attribute at `path`; undefined for one that it does not know. */
export function coreAttribute(type: ResourceType, path: AttributePath): CoreAttribute | undefined {
  const { urn, attribute, filter, sub } = path;
  const isCore = urn === undefined || isCoreUrn(urn);
  const known = isCore ? CORE[type] : ENTERPRISE_URN.test(urn) ? ENTERPRISE : undefined;
  const isKnown = known !== undefined && has(known, attribute);
  // A part of one element, whoever defines the attribute: no schema has lists in there.
  if (filter !== undefined) {
    const isPrimary = sub?.toLowerCase() === 'primary';
    const type = isPrimary ? 'boolean' : isKnown ? 'string' : undefined;
    return { multi: false, type, complex: sub === undefined };
  }
  if (!isKnown) return undefined;
  const multi = isCore && has(MULTI_VALUED, attribute);
  // All elements' sub-attribute at once: RFC 7643 has no such value.
  if (sub !== undefined && multi) return undefined;
  const complex = sub === undefined && (multi || has(COMPLEX, attribute));
  return { multi, type: isCore && attribute.toLowerCase() === 'active' ? 'boolean' : 'string', complex };
}

/**
 * `text` as the path that it probably means, for a resource `type` of SCIM; undefined when it is one, or resembles none.
 * Case does not matter to SCIM (RFC 7643, 2.1).
 */
export function nearCoreAttribute(type: string, text: string): string | undefined {
  if (checkAttributePath(text) !== undefined) return undefined;
  const path = parseAttributePath(text);
  const { urn, attribute, filter, sub } = path;
  const isCore = urn === undefined || isCoreUrn(urn);
  const known = isCore ? CORE[type] : type === 'User' && ENTERPRISE_URN.test(urn) ? ENTERPRISE : undefined;
  if (known === undefined) return undefined;
  if (!has(known, attribute)) {
    const near = suggest(attribute, known);
    return near === undefined ? undefined : spelled({ ...path, attribute: near });
  }
  const parts = isCore ? partsOf(attribute) : [];
  const asked = filter === undefined || has(parts, filter.attribute) ? undefined : suggest(filter.attribute, parts);
  const part = sub === undefined || has(parts, sub) ? undefined : suggest(sub, parts);
  if (asked === undefined && part === undefined) return undefined;
  return spelled({
    ...path,
    ...(filter === undefined || asked === undefined ? {} : { filter: { ...filter, attribute: asked } }),
    ...(part === undefined ? {} : { sub: part }),
  });
}

/** What stands behind the dot; empty where RFC 7643 names nothing. */
function partsOf(attribute: string): readonly string[] {
  if (attribute.toLowerCase() === 'name') return NAME;
  if (attribute.toLowerCase() === 'addresses') return [...ADDRESS, ...ELEMENT];
  return has(MULTI_VALUED, attribute) ? ELEMENT : [];
}

function spelled({ urn, attribute, filter, sub }: Omit<AttributePath, 'text'>): string {
  const element = filter === undefined ? '' : `[${filter.attribute} eq ${JSON.stringify(filter.value)}]`;
  return `${urn === undefined ? '' : `${urn}:`}${attribute}${element}${sub === undefined ? '' : `.${sub}`}`;
}

function has(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
