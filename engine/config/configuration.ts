/** The configuration after loading: checked, defaults filled in, secrets resolved, paths absolute. */
import type { ApplicationProfile } from '../gallery/index.ts';
import type { AuthenticationSettings } from '../model/authentication.ts';
import type { MappingDocument } from '../model/mapping.ts';
import type { PaceName } from '../model/pace.ts';
import type { PatchMode } from '../model/scim-message.ts';
import type { ObjectType } from '../model/source-object.ts';
import type { TargetAttribute } from '../model/target-attribute.ts';
import type { ClientProfile } from '../scim/client-profile.ts';
import type { ManagerRemoval } from '../scim/patch.ts';

/** Attributes of the target by source object. */
export type KnownAttributes = Readonly<Partial<Record<ObjectType, readonly TargetAttribute[]>>>;

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
  /** The target's attributes as the profile lists them on the day that counts. */
  readonly attributes: KnownAttributes;
  readonly mappingPath: string;
  readonly mapping: MappingDocument;
  readonly scope: 'assigned' | 'all';
  readonly defaultAccess: 'provision' | 'skip';
  readonly fidelity: 'entra' | 'sane';
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
  readonly quarantine: {
    readonly minFailures: number;
    readonly proportion: number;
    readonly baseMax: number;
    readonly totalMax: number;
    readonly onInitialCycle: 'quarantine' | 'prune-and-pause';
  };
};

export type DaemonConfiguration = {
  /** `host:port`, or `off`. */
  readonly listen: string;
  readonly leaseMs: number;
  readonly shutdownMs: number;
  readonly logRetentionMs: number;
};

export type Configuration = {
  readonly path: string;
  readonly tenantId: string;
  /** Absolute path, or `memory`. */
  readonly store: string;
  readonly directory: { readonly type: 'file'; readonly path: string };
  readonly mail?: { readonly smtp: string; readonly from: string };
  readonly daemon: DaemonConfiguration;
  readonly jobs: readonly JobConfiguration[];
};
