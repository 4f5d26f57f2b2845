/** Secrets are references, resolved at load and never printed. */
import { readFileSync } from 'node:fs';
import { type AuthenticationSettings, SECRET_KEYS } from '../model/authentication.ts';
import { suggest } from '../model/suggest.ts';
import type { Configuration } from './configuration.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type SecretResult = { readonly value: string } | { readonly problem: string; readonly code: string };

const REFERENCE = /^\$\{(env|file):([^}]+)\}$/;

/** What stands in place of a secret where people read it. */
export const MASK = '********';

/**
 * The secret that `text` refers to, or why it cannot be had: `secret-in-plain-text`, `missing-secret`.
 * @param resolvePath makes the path of `${file:…}` absolute
 */
export function resolveSecret(text: string, env: Environment, resolvePath: (path: string) => string): SecretResult {
  const match = REFERENCE.exec(text.trim());
  if (match === null) {
    return {
      code: 'secret-in-plain-text',
      problem:
        "A secret does not belong in this file. Write '${env:NAME}' or '${file:/path}', with the quotes, and keep the value there.",
    };
  }
  const [, kind, name = ''] = match;
  if (kind === 'env') {
    const value = env[name];
    if (value !== undefined && value !== '') return { value };
    return { code: 'missing-secret', problem: `The environment variable ${name} is not set. Set it: export ${name}=…` };
  }
  return readSecretFile(name, resolvePath(name));
}

function readSecretFile(name: string, path: string): SecretResult {
  try {
    const value = readFileSync(path, 'utf8').trim();
    if (value !== '') return { value };
    return { code: 'missing-secret', problem: `The secret file ${name} is empty. Write the secret into it.` };
  } catch {
    const problem = `The secret file ${name} cannot be read. Create it, or correct the path.`;
    return { code: 'missing-secret', problem };
  }
}

/** Keys of the configuration whose values must be references. */
const SECRETS: readonly string[] = [...SECRET_KEYS, 'smtp'];

/** A key on a line, and a value that stands there as it is. */
const PLAIN_VALUE = /\b(([\w-]+)["']?\s*:\s*["']?)(?!\$\{)([^\s"',}#{[][^"',}#]*)/g;

/** User and password in a URL. */
const USER_INFO = /(:\/\/)([^/\s@"']+)(?=@)/g;

/**
 * A line of the file with secrets that stand there in plain text starred out, character for character: findings quote lines, also
 * for a misspelt key.
 */
export function maskPlainSecrets(line: string): string {
  const star = (_match: string, before: string, secret: string) => `${before}${'*'.repeat(secret.length)}`;
  const starSecret = (match: string, before: string, key: string, value: string) =>
    isSecretKey(key) ? star(match, before, value) : match;
  return line.replace(PLAIN_VALUE, starSecret).replace(USER_INFO, star);
}

function isSecretKey(key: string): boolean {
  return SECRETS.includes(key) || suggest(key, SECRETS) !== undefined || /secret|password|api-?key/i.test(key);
}

/** The configuration with every secret replaced by a mask, as `validate --effective` shows it. */
export function maskSecrets(configuration: Configuration): Configuration {
  const { mail } = configuration;
  return {
    ...configuration,
    ...(mail === undefined ? {} : { mail: { ...mail, smtp: MASK } }),
    api: { ...configuration.api, keys: configuration.api.keys.map((key) => ({ ...key, key: MASK })) },
    jobs: configuration.jobs.map((job) => ({
      ...job,
      target: { ...job.target, auth: maskAuthentication(job.target.auth) },
    })),
  };
}

function maskAuthentication(auth: AuthenticationSettings): AuthenticationSettings {
  const masks = SECRET_KEYS.filter((key) => key in auth).map((key) => [key, MASK]);
  return { ...auth, ...Object.fromEntries(masks) };
}
