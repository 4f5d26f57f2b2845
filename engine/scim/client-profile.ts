/**
 * The clients that speak SCIM to a target, told apart by named settings and never by their name (scim-wire.md 0.3, 11).
 * A profile changes the wire layer only; who is provisioned, and when, is the same for all.
 */
import type { PatchMode } from '../model/scim-message.ts';

export type ClientProfileName = 'entra' | 'entra-flag' | 'entra-2018' | 'scim11' | 'okta-aiw' | 'okta-oin';

export type ClientProfile = {
  readonly name: ClientProfileName;
  /** One line for people choosing. */
  readonly summary: string;
  /** Schema URNs, media type and the shape of a partial update. */
  readonly protocol: 'scim1' | 'scim2';
  /** The PATCH dialect whatever the tenant URL says; undefined: the URL decides. */
  readonly patchMode?: PatchMode;
  /** A changed resource is written as its differences, or as a whole with them laid over what the target holds. */
  readonly update: 'patch' | 'put';
  /** A user is switched off and on like any update, or by `{ "active": … }` in a PATCH without path. */
  readonly activation: 'update' | 'pathless-patch';
  /** A changed group is written like a changed user, or by its id and values in a PATCH without path. */
  readonly groupUpdate: 'update' | 'pathless-patch';
  /** Members by PATCH operations; by one PATCH with adds and removes together; by a SCIM 1.1 partial group; by the whole group. */
  readonly membership: 'patch' | 'one-patch' | 'partial' | 'put';
  /** False: users are switched off, never deleted. */
  readonly deletesUsers: boolean;
  /** Somebody who returns is looked for by the matching attributes, not read by the id that is known. */
  readonly asksAgainOnReturn: boolean;
  /** Parts of a resource that a whole-resource write leaves out, in lower case. */
  readonly putOmits: readonly string[];
  /** Form encoding, lower-case hex and no paging; or percent encoding with `startIndex` and `count`. */
  readonly query: 'form' | 'paged';
  /** Group reads carry `excludedAttributes=members`. */
  readonly excludesMembers: boolean;
  /** Test Connection asks for somebody who cannot exist, or for the first page. */
  readonly testConnection: 'random-value' | 'first-page';
  /** Test Connection is repeated at the start of each cycle. */
  readonly probesEachCycle: boolean;
  /** 404 to a matching query means: nobody found. Entra takes it for a broken endpoint. */
  readonly notFoundMeansNoMatch: boolean;
  /** Sent where the job sets no `userAgent`. */
  readonly userAgent?: string;
  readonly headers: { readonly accept: string; readonly contentType: string; readonly acceptCharset?: string };
  /** Between the URN of an extension and the attribute, in PATCH paths. */
  readonly extensionSeparator: ':' | '.';
  /** Appended to the base URL where its path lacks it. */
  readonly baseSegment?: string;
  /** False: a row for a group's `externalId` has no effect. */
  readonly groupExternalId: boolean;
  readonly create: {
    /** `meta.resourceType` in the body. */
    readonly meta: boolean;
    /** The enterprise URN is listed in `schemas` although nothing of it is sent. */
    readonly enterpriseUrnAlways: boolean;
    /** `groups: []` for users, `members: []` for groups. */
    readonly emptyLists: boolean;
  };
};

const entra: ClientProfile = {
  name: 'entra',
  summary: "Microsoft Entra's provisioning service; flags in the tenant URL choose the PATCH dialect",
  protocol: 'scim2',
  update: 'patch',
  activation: 'update',
  groupUpdate: 'update',
  membership: 'patch',
  deletesUsers: true,
  asksAgainOnReturn: false,
  putOmits: [],
  query: 'form',
  excludesMembers: true,
  testConnection: 'random-value',
  probesEachCycle: true,
  notFoundMeansNoMatch: false,
  headers: { accept: 'application/scim+json', contentType: 'application/scim+json' },
  extensionSeparator: ':',
  groupExternalId: true,
  create: { meta: true, enterpriseUrnAlways: true, emptyLists: false },
};

const okta: ClientProfile = {
  name: 'okta-aiw',
  summary: 'Okta, application made with its wizard: whole resources by PUT, also to switch a user off',
  protocol: 'scim2',
  patchMode: 'aadOptscim062020',
  update: 'put',
  activation: 'update',
  groupUpdate: 'update',
  membership: 'put',
  deletesUsers: false,
  asksAgainOnReturn: true,
  putOmits: [],
  query: 'paged',
  excludesMembers: false,
  testConnection: 'first-page',
  probesEachCycle: false,
  notFoundMeansNoMatch: true,
  userAgent: 'Okta SCIM Client 1.0.0',
  headers: {
    accept: 'application/scim+json',
    contentType: 'application/scim+json; charset=utf-8',
    acceptCharset: 'utf-8',
  },
  extensionSeparator: ':',
  groupExternalId: false,
  create: { meta: false, enterpriseUrnAlways: false, emptyLists: true },
};

/** Every profile under its own name. */
export const CLIENT_PROFILES: Readonly<Record<ClientProfileName, ClientProfile>> = {
  entra,
  'entra-flag': {
    ...entra,
    name: 'entra-flag',
    summary: 'the same with the flag aadOptscim062020 forced on',
    patchMode: 'aadOptscim062020',
  },
  'entra-2018': {
    ...entra,
    name: 'entra-2018',
    summary: 'the job type of before December 2018: dotted extension paths, /scim appended to the base URL',
    patchMode: 'legacy',
    extensionSeparator: '.',
    baseSegment: '/scim',
  },
  scim11: {
    ...entra,
    name: 'scim11',
    summary: 'Entra towards a SCIM 1.1 target: 1.0 schema URNs, updates by PUT',
    protocol: 'scim1',
    patchMode: 'legacy',
    update: 'put',
    membership: 'partial',
    putOmits: ['id', 'groups', 'meta', 'urn:scim:schemas:extension:facebook:accountstatusdetails:1.0'],
    excludesMembers: false,
    userAgent: 'scimulate',
    headers: { accept: 'application/json', contentType: 'application/json' },
    create: { meta: false, enterpriseUrnAlways: false, emptyLists: false },
  },
  'okta-aiw': okta,
  'okta-oin': {
    ...okta,
    name: 'okta-oin',
    summary: 'Okta, catalogue application: PUT for profiles, PATCH without path to switch off, PATCH for groups',
    activation: 'pathless-patch',
    groupUpdate: 'pathless-patch',
    membership: 'one-patch',
  },
};

/** The names, in the order of the documentation. */
export const CLIENT_PROFILE_NAMES = Object.keys(CLIENT_PROFILES) as readonly ClientProfileName[];
