/** Credentials and switches of an application → the settings of its jobs (graph-api.md 7.3). */
import { join } from 'node:path';
import type { Configuration, JobConfiguration, TargetConfiguration } from '../config/configuration.ts';
import { servicePrincipalIdOf } from '../config/job-id.ts';
import { baseOf } from '../config/load-api.ts';
import { dialectOf } from '../config/load-target.ts';
import { acceptsTenantUrl, refusedCredentials } from '../gallery/index.ts';
import type { AuthenticationSettings } from '../model/authentication.ts';
import { type Secret, secretsFolderOf, tokenFileOf } from '../model/managed-job.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import { flagOf, notificationSettings, secretValue } from './secret-keys.ts';

/** What secrets alone do not say. */
export type Means = {
  /** Tenant URL, or what it begins with → where the bytes go. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Keeps the tokens of a grant; undefined: nothing is kept, and grants cannot be renewed. */
  readonly tokenFile?: string;
};

export function meansOf({ api, store, tenantId }: Configuration, application: string): Means {
  const name = tokenFileOf(servicePrincipalIdOf(tenantId, application));
  return {
    overrides: api.overrides,
    ...(store === 'memory' ? {} : { tokenFile: join(secretsFolderOf(store), name) }),
  };
}

/** The job under `secrets`; what they do not name stays as it was. */
export function applySecrets(job: JobConfiguration, secrets: readonly Secret[], means: Means): JobConfiguration {
  const { lacks: _before, ...rest } = applySwitches(job, secrets);
  const target = applyCredentials(job, secrets, means);
  const lacks = whatLacks({ ...rest, target }, secrets);
  return { ...rest, target, ...(lacks === undefined ? {} : { lacks }) };
}

function applySwitches(job: JobConfiguration, secrets: readonly Secret[]): JobConfiguration {
  const syncAll = flagOf(secrets, 'SyncAll');
  const skipOutOfScope = flagOf(secrets, 'SkipOutOfScopeDeletions') ?? job.deletions.skipOutOfScope;
  const read = notificationSettings(secrets);
  const settings = read === 'malformed' || read === undefined ? {} : read;
  const { enabled, recipients, deleteThresholdEnabled, deleteThreshold } = settings;
  return {
    ...job,
    ...(syncAll === undefined ? {} : { scope: syncAll ? 'all' : 'assigned' }),
    deletions: {
      ...job.deletions,
      skipOutOfScope,
      guard: deleteThresholdEnabled ?? job.deletions.guard,
      threshold: deleteThreshold ?? job.deletions.threshold,
    },
    notify: {
      ...job.notify,
      onFailure: enabled ?? job.notify.onFailure,
      ...(recipients === undefined ? {} : { email: recipients }),
    },
  };
}

function applyCredentials(
  { target, profile }: JobConfiguration,
  secrets: readonly Secret[],
  means: Means,
): TargetConfiguration {
  const url = secretValue(secrets, 'BaseAddress') ?? target.url;
  const { overrides } = means;
  const auth = authenticationIn(secrets, means) ?? target.auth;
  const base = baseOf(url);
  if (base === undefined) return { ...target, auth, url };
  const { override: ofTheFile, ...rest } = target;
  // The file's stand-in belongs to the file's address; for another one the API's own are asked.
  const override = (base === baseOf(target.url) ? ofTheFile : undefined) ?? overrideOf(base, overrides);
  return {
    ...rest,
    ...(url === target.url ? {} : dialectOf(target.client, parseTenantUrl(url).patchMode, profile)),
    auth,
    url,
    ...(override === undefined ? {} : { override }),
  };
}

/** That of the longest address which `base` begins with at whole segments, e.g. its origin; what follows stays (gallery.md 0.2). */
function overrideOf(base: string, overrides: Means['overrides']): string | undefined {
  const fitting = Object.keys(overrides).filter((address) => `${base}/`.startsWith(`${address}/`));
  const address = fitting.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  const override = overrides[address];
  if (override === undefined || address === base) return override;
  return `${baseOf(override) ?? override}${base.slice(address.length)}`;
}

/** A secret token, a grant that can be renewed, its access token alone, or client credentials; undefined when there is none of them. */
function authenticationIn(secrets: readonly Secret[], { tokenFile }: Means): AuthenticationSettings | undefined {
  const secretToken = secretValue(secrets, 'SecretToken');
  if (secretToken !== undefined) return { type: 'bearer', token: secretToken };
  const clientId = secretValue(secrets, 'Oauth2ClientId');
  const clientSecret = secretValue(secrets, 'Oauth2ClientSecret');
  const tokenUrl = secretValue(secrets, 'Oauth2TokenExchangeUri');
  const refreshToken = secretValue(secrets, 'Oauth2RefreshToken');
  const accessToken = secretValue(secrets, 'Oauth2AccessToken');
  const client =
    clientId === undefined || clientSecret === undefined || tokenUrl === undefined
      ? undefined
      : { tokenUrl, clientId, clientSecret };
  if (client !== undefined && refreshToken !== undefined && tokenFile !== undefined) {
    return { type: 'oauth2-authorization-code', ...client, refreshToken, tokenFile };
  }
  if (accessToken !== undefined) return { type: 'bearer', token: accessToken };
  return client === undefined ? undefined : { type: 'oauth2-client-credentials', ...client };
}

/** Why the target cannot be reached, undefined when nothing is missing. */
function whatLacks({ target, profile }: JobConfiguration, secrets: readonly Secret[]): string | undefined {
  const { url, auth } = target;
  if (url === '') return 'the application has no Tenant URL (BaseAddress)';
  const refused = refusedTenantUrl(url, profile);
  if (refused !== undefined) return refused;
  const credentials = profile === undefined ? undefined : refusedCredentials(profile, auth.type);
  if (credentials !== undefined) return `${credentials} (SecretToken)`;
  if (auth.type === 'bearer' && auth.token === '') {
    return 'the application has no credentials (SecretToken, or Oauth2AccessToken after Authorize)';
  }
  const uri = secretValue(secrets, 'Oauth2TokenExchangeUri');
  if (auth.type === 'bearer' || uri === undefined || /^https?:\/\//.test(uri)) return undefined;
  return `"${uri}" is not the URL of a token endpoint (Oauth2TokenExchangeUri)`;
}

/** Why this is no Tenant URL of the application, as a sentence (gallery.md WM-17); undefined when it is one. */
export function refusedTenantUrl(url: string, profile: JobConfiguration['profile']): string | undefined {
  if (baseOf(url) === undefined)
    return `"${url}" is not a Tenant URL; give it with scheme, e.g. https://app.example.com/scim`;
  if (profile === undefined || acceptsTenantUrl(profile, url)) return undefined;
  return `the Tenant URL of ${profile.title} is ${profile.tenantUrl.example}, not ${url}`;
}
