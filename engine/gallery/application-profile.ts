/** What Entra's gallery knows of an application beyond its mapping: addresses, rhythm, rights, and the attributes it takes (gallery.md 6). */
import type { ObjectType } from '../model/source-object.ts';
import type { TargetAttribute } from '../model/target-attribute.ts';
import type { ClientProfileName } from '../scim/client-profile.ts';

/** An attribute in the list of the application's document, with the dates between which it was listed. */
export type ListedAttribute = TargetAttribute & {
  /** ISO date, inclusive. */
  readonly since?: string;
  /** ISO date, exclusive. */
  readonly until?: string;
  /** ISO date from which its document calls it required. */
  readonly requiredSince?: string;
};

type TenantUrlRule = {
  /** The address when the administrator cannot choose one. */
  readonly fixed?: string;
  /** The addresses that are accepted, matched against the URL in its normal form without trailing slashes. */
  readonly accepts: RegExp;
  /** The right address, for the message. */
  readonly example: string;
};

export type ApplicationProfile = {
  /** Id in commands and file names, e.g. `workplace`. */
  readonly name: string;
  /** As the gallery names it. */
  readonly title: string;
  /** How error texts in the log name the application, and their word for no retry yet. */
  readonly errors?: { readonly name: string; readonly zero?: string };
  /** Template id; job ids start with it. */
  readonly template: string;
  readonly tenantUrl: TenantUrlRule;
  /** What the administrator gives: consent at the application, or a secret token. */
  readonly credentials: 'oauth' | 'token';
  readonly client: ClientProfileName;
  /** The application refuses requests without a User-Agent. */
  readonly needsUserAgent: boolean;
  /** Time between cycles, ISO 8601. */
  readonly interval: string;
  /** What starts a cycle besides the interval; Okta reacts to changes. */
  readonly trigger: 'interval' | 'change';
  readonly scopes: readonly ('assigned' | 'all')[];
  readonly defaultAccess: 'provision' | 'skip';
  /** Default Access counts all the same where the application defines no other role (MN-10). */
  readonly onlyRoleCounts?: true;
  /** A resource that is linked is never linked to a second source object (MN-S14); without it both are linked (cycle.md D-09). */
  readonly onSharedTarget?: 'fail';
  /** The right the account behind the credentials needs, for the message when it lacks it. */
  readonly adminRight: string;
  /** Multi-valued attributes whose work element is sent as the primary one. */
  readonly primaryWork: readonly string[];
  /** The attribute list of the document, row for row. */
  readonly attributes: Readonly<Partial<Record<ObjectType, readonly ListedAttribute[]>>>;
};

/** The attributes listed on `date` (ISO), today's list without one. */
export function attributesOn(
  profile: ApplicationProfile,
  type: ObjectType,
  date: string | undefined,
): readonly ListedAttribute[] {
  const listed = profile.attributes[type] ?? [];
  const on = date ?? '9999-12-31';
  return listed
    .filter(({ since = '', until }) => since <= on && (until === undefined || on < until))
    .map((attribute) => {
      const { requiredSince } = attribute;
      const isRequired = requiredSince !== undefined && requiredSince <= on;
      return isRequired ? { ...attribute, documentRequired: true } : attribute;
    });
}

/** Whether the administrator may enter `url`; host and scheme ignore case, flags and trailing slashes do not count. */
export function acceptsTenantUrl({ tenantUrl }: ApplicationProfile, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, pathname } = new URL(url);
  return tenantUrl.accepts.test(`${origin}${pathname.replace(/\/+$/, '')}`);
}

/** What is wrong with signing in by `type`, as a sentence; undefined: nothing. A consent's access token is also taken as it is. */
export function refusedCredentials({ credentials, title }: ApplicationProfile, type: string): string | undefined {
  if (credentials === 'oauth' || type === 'bearer') return undefined;
  return `${title} takes a secret token, no ${type}`;
}
