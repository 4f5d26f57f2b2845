/** A job of the configuration → the job as cycles know it: plain values, no adapter. */
import { createHash } from 'node:crypto';
import type { Configuration, JobConfiguration } from './config/configuration.ts';
import { servicePrincipalIdOf } from './config/job-id.ts';
import { EXPRESSIONS } from './config/load-job.ts';
import type { Job } from './cycle/job.ts';
import { type CompiledObjectMapping, type CompiledRow, compileMapping } from './map/compile-mapping.ts';
import type { PlanRules } from './plan/plan-rules.ts';
import type { ClientProfile } from './scim/client-profile.ts';
import { parseTenantUrl } from './scim/tenant-url.ts';

/** Objects per page of import (D-30). */
const PAGE_SIZE = 100;

/** The application id of every custom application in real log records. */
const CUSTOM_APPLICATION_ID = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

/** What a cycle needs to know of the job. */
export function toJob(configuration: Configuration, settings: JobConfiguration): Job {
  const { application } = settings;
  const servicePrincipal = {
    id: servicePrincipalIdOf(configuration.tenantId, application),
    displayName: application,
  };
  return {
    jobId: settings.jobId,
    name: settings.name,
    mappings: compileMapping(settings.mapping, settings.attributes).map(writtenBy(settings.target.client)),
    rules: toRules(settings),
    rulesHash: rulesHash(configuration, settings),
    guard: {
      enabled: settings.deletions.guard,
      threshold: settings.deletions.threshold,
      trigger: settings.deletions.trigger,
      ...(settings.deletions.percent === undefined ? {} : { percent: settings.deletions.percent }),
    },
    thresholds: settings.quarantine,
    onThreshold: settings.quarantine.onInitialCycle,
    settingsHash: settingsHash(settings),
    targetAddress: addressOf(settings),
    pageSize: PAGE_SIZE,
    log: {
      tenantId: configuration.tenantId,
      jobId: settings.jobId,
      application: settings.profile?.errors ?? { name: settings.application },
      servicePrincipal,
      sourceSystem: { id: configuration.tenantId, displayName: 'Microsoft Entra ID', details: {} },
      targetSystem: {
        id: servicePrincipal.id,
        displayName: 'customappsso',
        details: {
          ApplicationId: CUSTOM_APPLICATION_ID,
          ServicePrincipalId: servicePrincipal.id,
          ServicePrincipalDisplayName: servicePrincipal.displayName,
        },
      },
    },
  };
}

/** Flags do not count, and neither does the rest of the query. */
function addressOf({ lacks, target }: JobConfiguration): string {
  return lacks === undefined ? parseTenantUrl(target.override ?? target.url).base : '';
}

/** The mapping without what the client never writes (scim-wire.md 11.2). */
function writtenBy({ groupExternalId }: ClientProfile) {
  return (mapping: CompiledObjectMapping): CompiledObjectMapping => {
    if (groupExternalId || mapping.resourceType !== 'Group') return mapping;
    const isWritten = ({ path, row }: CompiledRow) =>
      path.text.toLowerCase() !== 'externalid' || row.match !== undefined;
    return { ...mapping, rows: mapping.rows.filter(isWritten) };
  };
}

/** What an administrator sets besides mapping and filters. Secrets stay out: not even a hash of one belongs in the store. */
function settingsHash({ target, scope, deletions, notify, defaultAccess }: JobConfiguration): string {
  return hash({ target: { ...target, auth: target.auth.type }, scope, deletions, notify, defaultAccess });
}

/**
 * What changes the values of attributes, and who there is: another directory, or another application of it, has to be looked at as a
 * whole. Options of expressions count where they are not the default.
 */
function rulesHash({ directory }: Configuration, { mapping, expressions, application }: JobConfiguration): string {
  const isDefault = JSON.stringify(expressions) === JSON.stringify(EXPRESSIONS);
  return hash({ mapping, ...(isDefault ? {} : { expressions }), directory: directory.path, application });
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}

function toRules(settings: JobConfiguration): PlanRules {
  const { target } = settings;
  return {
    fidelity: settings.fidelity,
    keepsReferences: settings.fidelity === 'sane' || settings.profile !== undefined,
    client: target.client,
    patchMode: target.patchMode,
    scopeMode: settings.scope,
    defaultAccess:
      settings.defaultAccess === 'skip' && settings.profile?.onlyRoleCounts === true
        ? 'skip-if-roles'
        : settings.defaultAccess,
    skipOutOfScope: settings.deletions.skipOutOfScope,
    targetSupportsSoftDelete: target.supportsSoftDelete,
    onMissingLink: target.onMissingLink,
    onSharedTarget: target.onSharedTarget,
    unmatchableCharacters: target.unmatchableCharacters,
    dropUnseenPurge: target.dropUnseenPurge,
    memberBatchSize: target.memberBatchSize,
    memberRefNull: target.memberRefNull,
    managerRemoval: target.managerRemoval,
    postBooleanStrings: target.postBooleanStrings,
    legacyGroupSchema: target.legacyGroupSchema,
    listExtensionSchemas: target.listExtensionSchemas,
    primaryWork: settings.profile?.primaryWork ?? ['emails'],
    flowNullValues: target.flowNullValues,
    relinkOnConflict: target.relinkOnConflict,
    referenceProbe: target.referenceProbe,
  };
}
