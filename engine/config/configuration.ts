/** The configuration after loading: checked, defaults filled in, secrets resolved, paths absolute. */
import type { EvaluationOptions } from '../expression/function-definition.ts';
import type { ApplicationProfile } from '../gallery/index.ts';
import type { AuthenticationSettings } from '../model/authentication.ts';
import type { MappingDocument } from '../model/mapping.ts';
import type { PaceName } from '../model/pace.ts';
import type { PatchMode } from '../model/scim-message.ts';
import type { KnownAttributes } from '../model/target-attribute.ts';
import type { QuarantineThresholds } from '../record/quarantine.ts';
import type { ClientProfile } from '../scim/client-profile.ts';
import type { ManagerRemoval } from '../scim/patch.ts';
import type { ApiPermission, ApiRole } from './api-access.ts';

export type TargetConfiguration = {
  readonly url: string;
  readonly override?: string;
  readonly auth: AuthenticationSettings;
  /** Whose requests are sent, options laid over it. */
  readonly client: ClientProfile;
  readonly patchMode: PatchMode;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly pace: PaceName;
  readonly maxRequestsPerSecond?: number;
  readonly burst?: number;
  readonly throttleMode: 'honour' | 'ignore';
  readonly adapter: 'undici' | 'http';
  readonly caFile?: string;
  readonly allowInsecureHttp: boolean;
  readonly allowLinkLocal: boolean;
  readonly maxResponseBytes: number;
  readonly userAgent?: string;
  readonly managerRemoval: ManagerRemoval;
  readonly memberBatchSize: number;
  readonly memberRefNull: boolean;
  readonly legacyGroupSchema: boolean;
  readonly postBooleanStrings: boolean;
  readonly listExtensionSchemas: boolean;
  readonly onMissingLink: 'fail' | 'rematch';
  readonly onSharedTarget: 'link' | 'fail';
  readonly unmatchableCharacters: string;
  readonly dropUnseenPurge: boolean;
  readonly flowNullValues: boolean;
  readonly referenceProbe: boolean;
  readonly relinkOnConflict: boolean;
  readonly supportsSoftDelete: boolean;
};

export type JobConfiguration = {
  /** `<template>.<tenant, 32 hex>.<uuid>`; the same for the same tenant and name. */
  readonly jobId: string;
  readonly name: string;
  readonly template: string;
  readonly application: string;
  /** The gallery's knowledge of the application; undefined for a custom one. */
  readonly profile?: ApplicationProfile;
  /** The day whose attribute list counts; today's without one. */
  readonly asOf?: string;
  /** The target's attributes as the profile lists them on that day. */
  readonly attributes: KnownAttributes;
  /** Undefined: a job that the management API created. */
  readonly mappingPath?: string;
  readonly mapping: MappingDocument;
  readonly scope: 'assigned' | 'all';
  readonly defaultAccess: 'provision' | 'skip';
  readonly fidelity: 'entra' | 'sane';
  /** Where the documentation of expressions leaves a choice (expressions.md 5.7). */
  readonly expressions: Required<Omit<EvaluationOptions, 'switchUnchangedQuirk'>>;
  readonly intervalMs: number;
  /** What starts a cycle. */
  readonly trigger: 'interval' | 'change';
  readonly scheduleState: 'active' | 'disabled';
  readonly target: TargetConfiguration;
  readonly deletions: {
    readonly guard: boolean;
    readonly threshold: number;
    readonly trigger: 'gt' | 'gte';
    readonly percent?: number;
    readonly skipOutOfScope: boolean;
  };
  readonly notify: { readonly email?: string; readonly webhook?: string; readonly onFailure: boolean };
  readonly quarantine: QuarantineThresholds & { readonly onInitialCycle: 'quarantine' | 'prune-and-pause' };
  /** Why no target can be reached yet, as a sentence: a job of the API before its credentials were put. */
  readonly lacks?: string;
};

export type DaemonConfiguration = {
  /** `host:port`, or `off`. */
  readonly listen: string;
  readonly leaseMs: number;
  readonly shutdownMs: number;
  readonly logRetentionMs: number;
};

/** A caller: whoever sends this key as bearer token. */
export type ApiKey = {
  readonly name: string;
  readonly key: string;
  readonly roles: readonly ApiRole[];
  readonly permissions: readonly ApiPermission[];
  /** Applications in which the role Application Owner counts. */
  readonly owns: readonly string[];
};

export type ApiConfiguration = {
  /** Empty: there is no API. */
  readonly keys: readonly ApiKey[];
  /** What links in answers start with, instead of the address that was called. */
  readonly publicUrl?: string;
  /** Tenant URL without flags or trailing slashes → where the bytes go. */
  readonly overrides: Readonly<Record<string, string>>;
};

export type Configuration = {
  readonly path: string;
  readonly tenantId: string;
  /** Default verified domain of the tenant. */
  readonly defaultDomain?: string;
  /** Absolute path, or `memory`. */
  readonly store: string;
  readonly directory: { readonly type: 'file'; readonly path: string; readonly mayBeEmpty: boolean };
  readonly mail?: { readonly smtp: string; readonly from: string };
  readonly daemon: DaemonConfiguration;
  readonly api: ApiConfiguration;
  readonly jobs: readonly JobConfiguration[];
};
