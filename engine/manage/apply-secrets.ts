/** Credentials and switches of an application → the settings of its jobs (graph-api.md 7.3). */
import type { JobConfiguration, TargetConfiguration } from '../config/configuration.ts';
import { baseOf } from '../config/load-api.ts';
import { dialectOf } from '../config/load-target.ts';
import { acceptsTenantUrl } from '../gallery/index.ts';
import type { AuthenticationSettings } from '../model/authentication.ts';
import type { Secret } from '../model/managed-job.ts';
import { parseTenantUrl } from '../scim/tenant-url.ts';
import { flagOf, notificationSettings, secretValue } from './secret-keys.ts';

export type Overrides = Readonly<Record<string, string>>;

/** The job under `secrets`; what they do not name stays as it was. */
export function applySecrets(
  job: JobConfiguration,
  secrets: readonly Secret[],
  overrides: Overrides,
): JobConfiguration {
  const { lacks: _before, ...rest } = applySwitches(job, secrets);
  const target = applyCredentials(job, secrets, overrides);
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
  overrides: Overrides,
): TargetConfiguration {
  const url = secretValue(secrets, 'BaseAddress') ?? target.url;
  const auth = authenticationIn(secrets) ?? target.auth;
  const base = baseOf(url);
  if (base === undefined) return { ...target, auth, url };
  const { override: ofTheFile, ...rest } = target;
  // The file's stand-in belongs to the file's address; for another one the API's own are asked.
  const override = base === baseOf(target.url) ? (ofTheFile ?? overrides[base]) : overrides[base];
  return {
    ...rest,
    ...(url === target.url ? {} : dialectOf(target.client, parseTenantUrl(url).patchMode, profile)),
    auth,
    url,
    ...(override === undefined ? {} : { override }),
  };
}

/** A secret token, the access token of a grant, or client credentials, in this order; undefined when there is none of them. */
function authenticationIn(secrets: readonly Secret[]): AuthenticationSettings | undefined {
  const token = secretValue(secrets, 'SecretToken') ?? secretValue(secrets, 'Oauth2AccessToken');
  if (token !== undefined) return { type: 'bearer', token };
  const clientId = secretValue(secrets, 'Oauth2ClientId');
  const clientSecret = secretValue(secrets, 'Oauth2ClientSecret');
  const tokenUrl = secretValue(secrets, 'Oauth2TokenExchangeUri');
  if (clientId === undefined || clientSecret === undefined || tokenUrl === undefined) return undefined;
  return { type: 'oauth2-client-credentials', tokenUrl, clientId, clientSecret };
}

/** Why the target cannot be reached, undefined when nothing is missing. */
function whatLacks({ target, profile }: JobConfiguration, secrets: readonly Secret[]): string | undefined {
  const { url, auth } = target;
  if (url === '') return 'the application has no Tenant URL (BaseAddress)';
  const refused = refusedTenantUrl(url, profile);
  if (refused !== undefined) return refused;
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
