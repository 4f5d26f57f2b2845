/** `api`: who may call the management API, and where tenant URLs set through it lead. */
import { EngineError } from '../model/engine-error.ts';
import { parseTenantUrl, withoutUser } from '../scim/tenant-url.ts';
import type { ApiConfiguration, ApiKey } from './configuration.ts';
import { errorFinding, type KeyPath, type Report, warningFinding } from './finding.ts';
import { type Environment, resolveSecret } from './secrets.ts';

export type YamlApi = {
  readonly keys: readonly (Omit<ApiKey, 'owns' | 'name'> & {
    readonly name?: string;
    readonly owns?: readonly string[];
  })[];
  readonly publicUrl?: string;
  readonly overrides?: Readonly<Record<string, string>>;
};

export type ApiInput = {
  readonly env: Environment;
  readonly resolvePath: (path: string) => string;
  /** `host:port` or `off`, as `daemon.listen` has it. */
  readonly listen: string;
  /** Places are relative to `api`. */
  readonly report: Report;
};

/** A key must not be guessed: 128 bits in hexadecimal have twice as many characters. */
const SHORTEST_KEY = 16;

/** The settings, keys resolved; a key that cannot be had is a finding. */
export function loadApi(api: YamlApi | undefined, input: ApiInput): ApiConfiguration {
  if (api === undefined) return { keys: [], overrides: {} };
  const { report } = input;
  if (input.listen === 'off') {
    const summary =
      'The API needs an address, and daemon.listen is off. Give daemon.listen a host:port, or remove "api".';
    report([], { ...errorFinding('api-without-address', summary), atKey: true });
  }
  if (!isLoopback(input.listen) && api.publicUrl?.startsWith('https:') !== true) {
    const summary = `daemon.listen is ${input.listen}, and keys would travel there in plain HTTP. Listen on 127.0.0.1, or put a proxy with TLS before it and name it in publicUrl.`;
    report([], { ...warningFinding('api-in-the-clear', summary), atKey: true });
  }
  if (api.publicUrl !== undefined && !/^https?:\/\/[^/]+\/?$/.test(api.publicUrl)) {
    const summary = `"${api.publicUrl}" cannot start links. Write scheme and host only, e.g. https://scimulate.contoso.com.`;
    report(['publicUrl'], errorFinding('bad-public-url', summary));
  }
  const keys = api.keys.flatMap((written, index): readonly ApiKey[] => {
    const key = resolveKey(written.key, { ...input, path: ['keys', index, 'key'] });
    if (key === undefined) return [];
    const { name = `key ${index + 1}`, roles, permissions, owns = [] } = written;
    return [{ name, key, roles, permissions, owns }];
  });
  reportTwins(keys, report);
  return {
    keys,
    overrides: loadOverrides(api.overrides ?? {}, report),
    ...(api.publicUrl === undefined ? {} : { publicUrl: api.publicUrl.replace(/\/$/, '') }),
  };
}

function isLoopback(listen: string): boolean {
  return listen === 'off' || /^(localhost|127(\.\d+){3}|\[?::1\]?):\d+$/i.test(listen);
}

function resolveKey(reference: string, input: ApiInput & { readonly path: KeyPath }): string | undefined {
  const { env, resolvePath, report, path } = input;
  const secret = resolveSecret(reference, env, resolvePath);
  if ('problem' in secret) {
    report(path, errorFinding(secret.code, secret.problem));
    return undefined;
  }
  if (secret.value.length >= SHORTEST_KEY && !/\s/.test(secret.value)) return secret.value;
  const summary = `This key is shorter than ${SHORTEST_KEY} characters, or has blanks in it. Make one: openssl rand -hex 32`;
  report(path, errorFinding('weak-key', summary));
  return undefined;
}

function reportTwins(keys: readonly ApiKey[], report: Report): void {
  for (const [index, { key }] of keys.entries()) {
    if (keys.findIndex((other) => other.key === key) === index) continue;
    report(
      ['keys', index, 'key'],
      errorFinding('same-key', 'Another caller above has the same key. Give each its own.'),
    );
  }
}

function loadOverrides(written: Readonly<Record<string, string>>, report: Report): Readonly<Record<string, string>> {
  const entries = Object.entries(written).flatMap(([url, override]) => {
    const base = baseOf(url);
    const isUrl = baseOf(override) !== undefined;
    if (base !== undefined && isUrl) return [[base, override] as const];
    const wrong = base === undefined ? url : override;
    const summary = `"${withoutUser(wrong)}" is not a URL of a SCIM endpoint. Write both with scheme, e.g. https://scim.workplace.com/: http://127.0.0.1:8801/.`;
    report(['overrides', url], errorFinding('bad-tenant-url', summary));
    return [];
  });
  return Object.fromEntries(entries);
}

/** The URL without flags and trailing slashes, undefined when it is none. */
export function baseOf(url: string): string | undefined {
  try {
    return parseTenantUrl(url).base;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
