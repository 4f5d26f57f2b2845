/** One job of the configuration: defaults filled in, settings checked against each other. */
import { type ApplicationProfile, applicationProfile, profileOfTemplate } from '../gallery/index.ts';
import { DAY, isDay, MINUTE, parseDuration } from '../model/instant.ts';
import type { MappingDocument } from '../model/mapping.ts';
import { DOCUMENTED_THRESHOLDS } from '../record/quarantine.ts';
import type { ClientProfile } from '../scim/client-profile.ts';
import { checkApplication, knownAttributes } from './check-application.ts';
import { checkTemplate } from './check-template.ts';
import { checkWebhook } from './check-webhook.ts';
import type { JobConfiguration } from './configuration.ts';
import { readDuration } from './duration-setting.ts';
import { errorFinding, type Report, warningFinding } from './finding.ts';
import { jobIdOf } from './job-id.ts';
import { roleFunctionIn } from './load-mapping.ts';
import { loadTarget, type TargetInput, type YamlTarget } from './load-target.ts';

/** A job as written, in the shape of the schema. */
export type YamlJob = {
  readonly name: string;
  readonly template?: string;
  readonly application?: string;
  /** Name of an application profile. */
  readonly profile?: string;
  readonly asOf?: string;
  readonly mappings: string;
  readonly scope?: JobConfiguration['scope'];
  readonly defaultAccess?: JobConfiguration['defaultAccess'];
  readonly fidelity?: JobConfiguration['fidelity'];
  readonly expressions?: Partial<JobConfiguration['expressions']>;
  readonly schedule?: {
    readonly interval?: string;
    readonly trigger?: JobConfiguration['trigger'];
    readonly state?: JobConfiguration['scheduleState'];
  };
  readonly target: YamlTarget;
  readonly deletions?: Partial<JobConfiguration['deletions']>;
  readonly notify?: Partial<JobConfiguration['notify']>;
  readonly quarantine?: Partial<JobConfiguration['quarantine']>;
};

export type JobInput = Omit<TargetInput, 'report' | 'profile'> & {
  readonly tenantId: string;
  readonly mappingPath: string;
  /** Undefined when the mapping file has errors. */
  readonly mapping: MappingDocument | undefined;
  /** Places are relative to the job. */
  readonly report: Report;
};

const DELETIONS = { guard: true, threshold: 500, trigger: 'gt', skipOutOfScope: false } as const;
/** The documented behaviour first (expressions.md 5.7). */
export const EXPRESSIONS: JobConfiguration['expressions'] = {
  iifNullMode: 'logical',
  midOutOfRange: 'empty',
  roleName: 'displayName',
  regexTimeoutMs: 1000,
};
/** Whoever wants no more cycles writes `state: disabled`. */
const LONGEST_INTERVAL = 366 * DAY;
const QUARANTINE = { ...DOCUMENTED_THRESHOLDS, onInitialCycle: 'quarantine' } as const;

/** Whether a job of this template counts assignments without an app role, unless it says otherwise (ruling R6). */
export function defaultAccessOf(template: string): JobConfiguration['defaultAccess'] {
  return profileOfTemplate(template)?.defaultAccess ?? 'provision';
}

/** What a job is like when nobody says otherwise; undefined: a custom application. */
export function jobDefaults(
  profile: ApplicationProfile | undefined,
  asOf?: string,
): Omit<JobConfiguration, 'jobId' | 'name' | 'template' | 'application' | 'mappingPath' | 'mapping' | 'target'> {
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(asOf === undefined ? {} : { asOf }),
    attributes: knownAttributes(profile, asOf),
    scope: 'assigned',
    defaultAccess: profile?.defaultAccess ?? 'provision',
    fidelity: 'entra',
    expressions: EXPRESSIONS,
    intervalMs: parseDuration(profile?.interval ?? '') ?? 40 * MINUTE,
    trigger: profile?.trigger ?? 'interval',
    scheduleState: 'active',
    deletions: DELETIONS,
    notify: { onFailure: false },
    quarantine: QUARANTINE,
  };
}

/** The job, undefined when it cannot run; every finding is reported. */
export async function loadJob(job: YamlJob, input: JobInput): Promise<JobConfiguration | undefined> {
  const { mapping, mappingPath, report } = input;
  const { env, resolvePath } = input;
  const template = job.template ?? mapping?.template ?? 'scim';
  const profile =
    job.profile === undefined ? profileOfTemplate(template, job.target.url) : applicationProfile(job.profile);
  const unknown = job.template === undefined || job.profile !== undefined ? undefined : checkTemplate(job.template);
  if (unknown !== undefined) report(['template'], unknown);
  if (job.asOf !== undefined) checkAsOf(job.asOf, report);
  const defaults = jobDefaults(profile, job.asOf);
  const interval = job.schedule?.interval;
  const intervalMs =
    interval === undefined
      ? defaults.intervalMs
      : readDuration(interval, LONGEST_INTERVAL, (finding) => report(['schedule', 'interval'], finding));
  const scope = job.scope ?? defaults.scope;
  if (profile !== undefined) checkApplication({ profile, asOf: job.asOf, scope, mapping, report });
  checkRoles(mapping, scope, report);
  const refused = job.notify?.webhook === undefined ? undefined : checkWebhook(job.notify.webhook);
  if (refused !== undefined) report(['notify', 'webhook'], refused);
  const reportTarget: Report = (where, finding) => report(['target', ...where], finding);
  const target = await loadTarget(job.target, {
    env,
    resolvePath,
    report: reportTarget,
    ...(profile === undefined ? {} : { profile }),
  });
  if (mapping === undefined || intervalMs === undefined || target === undefined) return undefined;
  checkProtocol(mapping, target.client, reportTarget);
  return {
    ...defaults,
    jobId: jobIdOf(template, input.tenantId, job.name),
    name: job.name,
    template,
    application: job.application ?? job.name,
    mappingPath,
    mapping,
    scope,
    defaultAccess: job.defaultAccess ?? defaults.defaultAccess,
    fidelity: job.fidelity ?? defaults.fidelity,
    expressions: { ...defaults.expressions, ...job.expressions },
    intervalMs,
    trigger: job.schedule?.trigger ?? defaults.trigger,
    scheduleState: job.schedule?.state ?? defaults.scheduleState,
    target,
    deletions: { ...defaults.deletions, ...job.deletions },
    notify: { ...defaults.notify, ...job.notify },
    quarantine: { ...defaults.quarantine, ...job.quarantine },
  };
}

/** Without assignments there are no roles to read (mappings-and-scoping.md 8). */
export function checkRoles(mapping: MappingDocument | undefined, scope: 'assigned' | 'all', report: Report): void {
  const role = mapping === undefined || scope === 'assigned' ? undefined : roleFunctionIn(mapping);
  if (role === undefined) return;
  const summary = `The mapping calls ${role}, which needs assignments. Write "scope: assigned", or leave the row out.`;
  report(['scope'], errorFinding('roles-need-assignments', summary));
}

/** A day that does not exist would be before or after another one all the same; what is no day at all breaks the schema. */
function checkAsOf(asOf: string, report: Report): void {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf) || isDay(asOf)) return;
  report(['asOf'], errorFinding('bad-time', `There is no day "${asOf}". Write one like 2020-01-01.`));
}

const ENTERPRISE_2 = /^urn:ietf:params:scim:schemas:extension:enterprise:2\.0/i;

/** SCIM 1.1 has the enterprise attributes under a URN of its own (scim-wire.md 11.1). */
function checkProtocol({ objects }: MappingDocument, client: ClientProfile, report: Report): void {
  if (client.protocol !== 'scim1') return;
  const paths = objects.flatMap(({ map }) => map.map(({ target }) => target));
  const [path, ...more] = paths.filter((one) => ENTERPRISE_2.test(one));
  if (path === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const summary = `The client ${client.name} speaks SCIM 1.1, and the mapping writes ${path}${others}. Its path there begins with urn:scim:schemas:extension:enterprise:1.0.`;
  report(['client'], warningFinding('scim-version', summary));
}
