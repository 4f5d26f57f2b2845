/** `target` of a job: URLs checked, secrets resolved, defaults filled in (scim-wire.md 13, rulings R2, R4, R5, R11, R20). */
import { access } from 'node:fs/promises';
import { type ApplicationProfile, acceptsTenantUrl, refusedCredentials } from '../gallery/index.ts';
import { EngineError } from '../model/engine-error.ts';
import type { PatchMode } from '../model/scim-message.ts';
import { CLIENT_PROFILES, type ClientProfile, type ClientProfileName } from '../scim/client-profile.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import { certificateProblem } from './certificate-file.ts';
import { checkFlags } from './check-flags.ts';
import { checkReach } from './check-reach.ts';
import type { TargetConfiguration } from './configuration.ts';
import { errorFinding, type Report } from './finding.ts';
import { loadAuthentication, type YamlAuthentication } from './load-authentication.ts';
import type { Environment } from './secrets.ts';

/** What a target is like when nobody says otherwise. */
const TARGET_DEFAULTS = {
  timeoutMs: 100_000,
  concurrency: 8,
  pace: 'unlimited',
  throttleMode: 'honour',
  adapter: 'undici',
  allowInsecureHttp: false,
  allowLinkLocal: false,
  maxResponseBytes: 10_485_760,
  managerRemoval: 'replaceEmpty',
  memberBatchSize: 100,
  memberRefNull: false,
  legacyGroupSchema: false,
  postBooleanStrings: false,
  listExtensionSchemas: true,
  onMissingLink: 'fail',
  onSharedTarget: 'link',
  unmatchableCharacters: '',
  dropUnseenPurge: false,
  supportsSoftDelete: true,
  flowNullValues: false,
  referenceProbe: false,
  relinkOnConflict: false,
} as const;

/** What a target of the application is like when nobody says otherwise. */
export function targetDefaults(
  profile: ApplicationProfile | undefined,
): Omit<TargetConfiguration, 'url' | 'auth' | 'client' | 'patchMode' | 'userAgent'> {
  return { ...TARGET_DEFAULTS, onSharedTarget: profile?.onSharedTarget ?? TARGET_DEFAULTS.onSharedTarget };
}

/** `target` as written, in the shape of the schema. */
export type YamlTarget = Partial<Omit<TargetConfiguration, 'auth' | 'client'>> & {
  readonly client?: ClientProfileName;
  readonly updateMethod?: ClientProfile['update'];
  readonly auth: YamlAuthentication;
};

export type TargetInput = {
  readonly env: Environment;
  /** Makes a path of the file absolute. */
  readonly resolvePath: (path: string) => string;
  /** Places are relative to `target`. */
  readonly report: Report;
  /** The gallery's knowledge of the application. */
  readonly profile?: ApplicationProfile;
};

/** The settings, undefined when the URL cannot be read; every other finding is only reported. */
export async function loadTarget(target: YamlTarget, input: TargetInput): Promise<TargetConfiguration | undefined> {
  const { profile, report, resolvePath } = input;
  const entered = target.url ?? profile?.tenantUrl.fixed;
  if (entered === undefined)
    report(
      [],
      errorFinding('missing-url', 'target has no url. Write the SCIM base of the application, as entered in Entra.'),
    );
  const url = entered === undefined ? undefined : checkTargetUrl(entered, 'url', report);
  if (url !== undefined && target.url !== undefined) {
    for (const finding of checkFlags(target.url, url)) report(['url'], finding);
  }
  if (url !== undefined && profile !== undefined) checkTenantUrl(profile, entered ?? '', report);
  if (target.override !== undefined) checkTargetUrl(target.override, 'override', report);
  const { allowInsecureHttp, allowLinkLocal } = { ...TARGET_DEFAULTS, ...target };
  const allowed = { allowInsecureHttp, allowLinkLocal };
  const contacted = target.override === undefined ? 'url' : 'override';
  checkReach(target[contacted] ?? '', allowed, (finding) => report([contacted], finding));
  const auth = loadAuthentication(target.auth, { ...input, ...allowed });
  const refused = profile === undefined ? undefined : refusedCredentials(profile, auth.type);
  if (refused !== undefined) {
    const summary = `${refused}. Write "type: bearer" with the token.`;
    report(['auth', 'type'], errorFinding('credentials-not-offered', summary));
  }
  const caFile = target.caFile === undefined ? undefined : resolvePath(target.caFile);
  const problem = caFile === undefined ? undefined : await certificateProblem(caFile);
  if (problem !== undefined) {
    const summary = `The certificate file ${caFile} ${problem}. Correct the path; it is relative to this file.`;
    report(['caFile'], errorFinding('file-unreadable', summary));
  }
  if (url === undefined || entered === undefined) return undefined;
  const { client: _name, updateMethod: _method, ...options } = target;
  const given = { ...options, ...(caFile === undefined ? {} : { caFile }) };
  return {
    ...targetDefaults(profile),
    ...dialectOf(clientOf(target, profile), url.patchMode, profile),
    ...given,
    url: entered,
    auth,
  };
}

/** What follows from the client that is played, the flags of the URL, and the application. */
export function dialectOf(
  client: ClientProfile,
  patchMode: PatchMode,
  profile: ApplicationProfile | undefined,
): Pick<TargetConfiguration, 'client' | 'patchMode' | 'userAgent'> {
  const userAgent = profile?.needsUserAgent === true ? { userAgent: client.userAgent ?? 'scimulate' } : {};
  return { client, patchMode: client.patchMode ?? patchMode, ...userAgent };
}

/** The client that the job asks for, else that of the application, with the option laid over it. */
function clientOf(target: YamlTarget, profile: ApplicationProfile | undefined): ClientProfile {
  const wanted = target.client ?? profile?.client ?? 'entra';
  // A name that is none has a finding of its own.
  const client = Object.hasOwn(CLIENT_PROFILES, wanted) ? CLIENT_PROFILES[wanted] : CLIENT_PROFILES.entra;
  if (target.updateMethod === undefined) return client;
  // A whole group that was read without its members would be written without them.
  const excludesMembers = client.excludesMembers && target.updateMethod === 'patch';
  return { ...client, update: target.updateMethod, excludesMembers };
}

/** Addresses other than the documented one are refused at Save (WM-01, MN-01). */
function checkTenantUrl(profile: ApplicationProfile, url: string, report: Report): void {
  if (acceptsTenantUrl(profile, url)) return;
  const summary = `The tenant URL of ${profile.title} is ${profile.tenantUrl.example}. Write it here; "override" sends the bytes to a local stand-in.`;
  report(['url'], errorFinding('tenant-url-refused', summary));
}

function checkTargetUrl(
  text: string,
  key: 'url' | 'override',
  report: Report,
): ReturnType<typeof parseTenantUrl> | undefined {
  try {
    return parseTenantUrl(text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const remedy = error.remedy === undefined ? '' : ` ${capital(error.remedy)}.`;
    report([key], errorFinding(error.code, `${capital(error.message)}.${remedy}`));
    return undefined;
  }
}

/** Whether the file can be opened for reading. */
export async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
