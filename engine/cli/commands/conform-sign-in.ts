/** How `conform` signs in: a bearer token, or a token endpoint with a client secret or a signed assertion (scim-wire.md 1.1). */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isPrivateKey } from '../../config/load-authentication.ts';
import { resolveSecret } from '../../config/secrets.ts';
import type { AuthenticationSettings } from '../../model/authentication.ts';
import { badUsage } from '../bad-usage.ts';
import type { Io } from '../io.ts';

export type SignInOptions = {
  readonly token?: string;
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientKey?: string;
  readonly scope?: string;
};

/** Undefined: requests go without credentials. @throws EngineError `configuration` for what cannot be meant */
export async function signInOf(io: Io, options: SignInOptions): Promise<AuthenticationSettings | undefined> {
  const { token, tokenUrl, clientId, clientSecret, clientKey, scope } = options;
  if (tokenUrl === undefined) {
    const needless = Object.entries({ clientId, clientSecret, clientKey, scope }).find(([, one]) => one !== undefined);
    if (needless !== undefined)
      throw badUsage(`${flagOf(needless[0])} is for a token endpoint`, 'name it: --token-url URL');
    const bearer = secretOf(io, token, 'SCIM_TOKEN');
    return bearer === undefined ? undefined : { type: 'bearer', token: bearer };
  }
  if (token !== undefined) throw badUsage('--token and --token-url are two ways to sign in', 'leave one of them out');
  if (clientId === undefined) throw badUsage('a token endpoint wants to know the client', 'add --client-id ID');
  checkUrl(tokenUrl);
  const client = { tokenUrl, clientId, ...(scope === undefined ? {} : { scope }) };
  if (clientKey !== undefined) return { type: 'client-assertion', ...client, privateKey: await readKey(io, clientKey) };
  const secret = secretOf(io, clientSecret, 'SCIM_CLIENT_SECRET');
  if (secret !== undefined) return { type: 'oauth2-client-credentials', ...client, clientSecret: secret };
  throw badUsage(
    'a token endpoint wants a client secret or a signed assertion',
    'set SCIM_CLIENT_SECRET, or add --client-key FILE',
  );
}

/** As given, from a reference, or from the environment; undefined when there is none. */
function secretOf(io: Io, given: string | undefined, variable: string): string | undefined {
  const text = given ?? io.env[variable];
  if (text === undefined || text === '') return undefined;
  if (given === undefined || !/^\$\{(env|file):/.test(text)) return text;
  const secret = resolveSecret(text, io.env, (path) => resolve(io.cwd, path));
  if ('value' in secret) return secret.value;
  throw badUsage(secret.problem, 'a secret may be given as it is, too');
}

function checkUrl(url: string): void {
  const { protocol, username } = URL.canParse(url) ? new URL(url) : { protocol: '', username: '' };
  if (/^https?:$/.test(protocol) && username === '') return;
  throw badUsage(
    '--token-url is not the URL of a token endpoint',
    'write it like https://login.example.com/oauth2/token, without a user in it',
  );
}

async function readKey(io: Io, file: string): Promise<string> {
  const key = await readFile(resolve(io.cwd, file), 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw badUsage(`the key file ${file} cannot be read: ${why}`, 'correct the path after --client-key');
  });
  if (isPrivateKey(key)) return key;
  throw badUsage(`${file} holds no private key`, 'put a PEM or JWK private key without a passphrase into it');
}

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
