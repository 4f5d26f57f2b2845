/** `target` of a job: URLs checked, secrets resolved, defaults filled in (scim-wire.md 13, rulings R2, R4, R5, R11, R20). */
import { access } from 'node:fs/promises';
import { EngineError } from '../model/engine-error.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import type { AuthenticationConfiguration, TargetConfiguration } from './configuration.ts';
import { errorFinding, type Report } from './finding.ts';
import { type Environment, resolveSecret } from './secrets.ts';

const DEFAULTS = {
  timeoutMs: 100_000,
  concurrency: 8,
  pace: 'unlimited',
  adapter: 'undici',
  allowInsecureHttp: false,
  maxResponseBytes: 10_485_760,
  managerRemoval: 'replaceEmpty',
  memberBatchSize: 100,
  memberRefNull: false,
  legacyGroupSchema: false,
  postBooleanStrings: false,
  listExtensionSchemas: true,
  onMissingLink: 'fail',
  supportsSoftDelete: true,
} as const;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

/** `target` as written, in the shape of the schema. */
export type YamlTarget = Partial<Omit<TargetConfiguration, 'url' | 'auth'>> & {
  readonly url: string;
  readonly auth: Readonly<Record<string, string>>;
};

export type TargetInput = {
  readonly env: Environment;
  /** Makes a path of the file absolute. */
  readonly resolvePath: (path: string) => string;
  /** Places are relative to `target`. */
  readonly report: Report;
};

/** The settings, undefined when the URL cannot be read; every other finding is only reported. */
export async function loadTarget(target: YamlTarget, input: TargetInput): Promise<TargetConfiguration | undefined> {
  const { report, resolvePath } = input;
  const url = checkTargetUrl(target.url, 'url', report);
  if (target.override !== undefined) checkTargetUrl(target.override, 'override', report);
  checkInsecure(target, report);
  const auth = loadAuthentication(target.auth, input);
  const caFile = target.caFile === undefined ? undefined : resolvePath(target.caFile);
  if (caFile !== undefined && !(await isReadable(caFile))) {
    const summary = `The certificate file ${caFile} cannot be read. Correct the path; it is relative to this file.`;
    report(['caFile'], errorFinding('file-unreadable', summary));
  }
  if (url === undefined) return undefined;
  const given = { ...target, ...(caFile === undefined ? {} : { caFile }) };
  return { ...DEFAULTS, patchMode: url.patchMode, ...given, auth };
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

/** The transport refuses it too, but only once a cycle has begun. */
function checkInsecure(target: YamlTarget, report: Report): void {
  const key = target.override === undefined ? 'url' : 'override';
  const text = target.override ?? target.url;
  if (target.allowInsecureHttp === true || !URL.canParse(text)) return;
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'http:' || LOOPBACK.test(hostname)) return;
  const summary = `Plain http to ${hostname} would send the token unprotected. Use https, or set allowInsecureHttp: true if the network is yours.`;
  report([key], errorFinding('insecure-target', summary));
}

function loadAuthentication(auth: YamlTarget['auth'], input: TargetInput): AuthenticationConfiguration {
  const resolved: Record<string, string> = { ...auth };
  for (const key of ['token', 'clientSecret']) {
    const reference = auth[key];
    if (reference === undefined) continue;
    const secret = resolveSecret(reference, input.env, input.resolvePath);
    if ('value' in secret) resolved[key] = secret.value;
    else input.report(['auth', key], errorFinding(secret.code, secret.problem));
  }
  if (auth.tokenUrl !== undefined && !/^https?:$/.test(protocolOf(auth.tokenUrl))) {
    const summary = `"${auth.tokenUrl}" is not the URL of a token endpoint. Write it with scheme, e.g. https://login.example.com/token.`;
    input.report(['auth', 'tokenUrl'], errorFinding('bad-token-url', summary));
  }
  // The schema has checked the keys of both kinds.
  return resolved as AuthenticationConfiguration;
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : '';
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
