/** Resources as the checks write them: target paths with values as a mapping yields them, and the bodies made of these. */
import type { JsonValue, ResourceType } from '../model/scim-message.ts';
import { buildCreateBody, ENTERPRISE_URN } from '../scim/create-body.ts';

export type Values = Readonly<Record<string, JsonValue>>;

export const DEPARTMENT = `${ENTERPRISE_URN}:department`;
export const EMPLOYEE_NUMBER = `${ENTERPRISE_URN}:employeeNumber`;
export const MANAGER = `${ENTERPRISE_URN}:manager`;
export const WORK_MAIL = 'emails[type eq "work"].value';
export const MOBILE = 'phoneNumbers[type eq "mobile"].value';
export const STREET = 'addresses[type eq "work"].streetAddress';

/** Without these no job with default mappings works. */
export const CORE_PATHS = [
  'userName',
  'active',
  'displayName',
  'externalId',
  WORK_MAIL,
  'name.givenName',
  'name.familyName',
];

/** The values of a user with every attribute of the default mapping, as a mapping yields them. */
export function userValues(talk: { readonly userName: (name: string) => string }, name: string): Values {
  return {
    externalId: name,
    userName: talk.userName(name),
    active: 'True',
    // Nothing that could be composed from the name: an endpoint that does so does not keep it.
    displayName: `Lena O. ${name}`,
    title: 'Analyst',
    [WORK_MAIL]: talk.userName(name),
    [MOBILE]: '+1 425 555 0111',
    [STREET]: '1 Old Way',
    'name.formatted': `Lena ${name}`,
    'name.familyName': name,
    'name.givenName': 'Lena',
    preferredLanguage: 'en-US',
    [DEPARTMENT]: 'Sales',
    [EMPLOYEE_NUMBER]: '7101',
  };
}

/** Endpoints may compose these from the name. */
export function isDerived(path: string): boolean {
  return path === 'displayName' || path === 'name.formatted';
}

/** Those of `values` whose path is in `paths`. */
export function only(values: Values, paths: ReadonlySet<string>): Values {
  return Object.fromEntries(Object.entries(values).filter(([path]) => paths.has(path)));
}

/** The create body the engine sends for these values. */
export function bodyOf(resourceType: ResourceType, values: Values): JsonValue {
  return buildCreateBody({ resourceType, values: new Map(Object.entries(values)), options: {} });
}

/** A value for a simple attribute that the endpoint keeps. */
export function plainText(
  talk: { readonly userName: (name: string) => string; readonly survey: { readonly kept: ReadonlySet<string> } },
  text: string,
): Values {
  const path = ['displayName', 'name.familyName', 'title'].find((one) => talk.survey.kept.has(one));
  return path === undefined ? { userName: talk.userName(text.replaceAll(' ', '-')) } : { [path]: text };
}
