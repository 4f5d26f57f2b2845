/** The keys of `synchronization/secrets`, which of them are credentials, and what the switches say (graph-api.md 3, 7). */
import type { Secret } from '../model/managed-job.ts';

/** `synchronizationSecret`, in the order of the enumeration. */
const SECRET_KEYS = [
  'None',
  'UserName',
  'Password',
  'SecretToken',
  'AppKey',
  'BaseAddress',
  'ClientIdentifier',
  'ClientSecret',
  'SingleSignOnType',
  'Sandbox',
  'Url',
  'Domain',
  'ConsumerKey',
  'ConsumerSecret',
  'TokenKey',
  'TokenExpiration',
  'Oauth2AccessToken',
  'Oauth2AccessTokenCreationTime',
  'Oauth2RefreshToken',
  'SyncAll',
  'InstanceName',
  'Oauth2ClientId',
  'Oauth2ClientSecret',
  'CompanyId',
  'UpdateKeyOnSoftDelete',
  'SynchronizationSchedule',
  'SystemOfRecord',
  'SandboxName',
  'EnforceDomain',
  'SyncNotificationSettings',
  'SkipOutOfScopeDeletions',
  'Oauth2AuthorizationCode',
  'Oauth2RedirectUri',
  'ApplicationTemplateIdentifier',
  'Oauth2TokenExchangeUri',
  'Oauth2AuthorizationUri',
  'AuthenticationType',
  'Server',
  'PerformInboundEntitlementGrants',
  'HardDeletesEnabled',
  'SyncAgentCompatibilityKey',
  'SyncAgentADContainer',
  'ValidateDomain',
  'TestReferences',
  'ConnectionString',
] as const;
export type SecretKey = (typeof SECRET_KEYS)[number];

/** Values that come back as a star (graph-api.md 7.2). */
const SENSITIVE: ReadonlySet<string> = new Set<SecretKey>([
  'Password',
  'SecretToken',
  'ClientSecret',
  'ConsumerSecret',
  'TokenKey',
  'Oauth2AccessToken',
  'Oauth2RefreshToken',
  'Oauth2ClientSecret',
  'Oauth2AuthorizationCode',
  'AppKey',
  'ConnectionString',
]);

/** The key in the enumeration's spelling, undefined when it has no such member. */
export function findSecretKey(text: string): SecretKey | undefined {
  return SECRET_KEYS.find((key) => key.toLowerCase() === text.toLowerCase());
}

/** The secrets as they may be shown. */
export function masked(secrets: readonly Secret[]): readonly Secret[] {
  return secrets.map(({ key, value }) => ({ key, value: SENSITIVE.has(key) ? '*' : value }));
}

export function secretValue(secrets: readonly Secret[], key: SecretKey): string | undefined {
  return secrets.find((secret) => secret.key === key)?.value;
}

/** A switch that is `true` or `false` in any case; undefined when it is not there or says neither. */
export function flagOf(secrets: readonly Secret[], key: SecretKey): boolean | undefined {
  const value = secretValue(secrets, key)?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

export type NotificationSettings = {
  readonly enabled?: boolean;
  readonly recipients?: string;
  readonly deleteThresholdEnabled?: boolean;
  readonly deleteThreshold?: number;
};

/** `SyncNotificationSettings`, JSON in a text; undefined when it is not there, `malformed` when it cannot be read. */
export function notificationSettings(secrets: readonly Secret[]): NotificationSettings | 'malformed' | undefined {
  const text = secretValue(secrets, 'SyncNotificationSettings');
  if (text === undefined) return undefined;
  const fields = parsedObject(text);
  if (fields === undefined) return 'malformed';
  const field = (name: string): unknown =>
    Object.entries(fields).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  const enabled = toFlag(field('Enabled'));
  const recipients = field('Recipients');
  const deleteThresholdEnabled = toFlag(field('DeleteThresholdEnabled'));
  const threshold = Number(field('DeleteThresholdValue') ?? Number.NaN);
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(typeof recipients === 'string' && recipients !== '' ? { recipients } : {}),
    ...(deleteThresholdEnabled === undefined ? {} : { deleteThresholdEnabled }),
    ...(isThreshold(threshold) ? { deleteThreshold: threshold } : {}),
  };
}

/** Settings that say nothing; undefined when all can be understood. A slip of the pen must not lift a guard. */
export function misunderstood(secrets: readonly Secret[]): string | undefined {
  for (const key of ['SyncAll', 'SkipOutOfScopeDeletions'] as const) {
    if (secretValue(secrets, key) !== undefined && flagOf(secrets, key) === undefined)
      return `${key} is "true" or "false"`;
  }
  const text = secretValue(secrets, 'SyncNotificationSettings');
  if (text === undefined) return undefined;
  const fields = parsedObject(text);
  if (fields === undefined) return 'SyncNotificationSettings is not the text of a JSON object';
  for (const [name, value] of Object.entries(fields)) {
    const setting = SETTINGS.get(name.toLowerCase());
    if (setting === undefined || value === null || value === '' || setting.fits(value)) continue;
    return `${name} of SyncNotificationSettings is ${setting.wanted}`;
  }
  return undefined;
}

const FLAG = { wanted: 'true or false', fits: (value: unknown) => toFlag(value) !== undefined };

const SETTINGS: ReadonlyMap<string, { readonly wanted: string; readonly fits: (value: unknown) => boolean }> = new Map([
  ['enabled', FLAG],
  ['recipients', { wanted: 'a text', fits: (value: unknown) => typeof value === 'string' }],
  ['deletethresholdenabled', FLAG],
  ['deletethresholdvalue', { wanted: 'an integer from 0', fits: (value: unknown) => isThreshold(Number(value)) }],
]);

function isThreshold(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Booleans come as texts, too (graph-api.md 1.3). */
function toFlag(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
