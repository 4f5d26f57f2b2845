/** `target.auth`: secrets resolved, endpoints and keys checked before anything is sent. */
import { createPrivateKey } from 'node:crypto';
import { type AuthenticationSettings, SECRET_KEYS } from '../model/authentication.ts';
import { checkReach } from './check-reach.ts';
import { errorFinding, type Report } from './finding.ts';
import { type Environment, resolveSecret } from './secrets.ts';

/** As written, in the shape of the schema. */
export type YamlAuthentication = Readonly<Record<string, string>>;

export type AuthenticationInput = {
  readonly env: Environment;
  readonly resolvePath: (path: string) => string;
  /** Places are relative to the target. */
  readonly report: Report;
  readonly allowInsecureHttp: boolean;
  readonly allowLinkLocal: boolean;
};

/** The settings; what is wrong with them is only reported. */
export function loadAuthentication(auth: YamlAuthentication, input: AuthenticationInput): AuthenticationSettings {
  const report: Report = (path, finding) => input.report(['auth', ...path], finding);
  const resolved: Record<string, string> = { ...auth };
  for (const key of SECRET_KEYS) {
    const reference = auth[key];
    if (reference === undefined) continue;
    const secret = resolveSecret(reference, input.env, input.resolvePath);
    if ('value' in secret) resolved[key] = secret.value;
    else report([key], errorFinding(secret.code, secret.problem));
  }
  if (auth.tokenUrl !== undefined) checkTokenUrl(auth.tokenUrl, input, report);
  if (auth.tokenFile !== undefined) resolved.tokenFile = input.resolvePath(auth.tokenFile);
  if (resolved.token !== auth.token) checkToken(resolved.token ?? '', report);
  if (resolved.privateKey !== auth.privateKey) checkPrivateKey(resolved.privateKey ?? '', report);
  // The schema has checked the keys of every kind.
  return resolved as AuthenticationSettings;
}

function checkTokenUrl(text: string, input: AuthenticationInput, report: Report): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    const summary =
      'The URL of the token endpoint holds a user name or password. Remove it, and set clientId and clientSecret.';
    report(['tokenUrl'], errorFinding('bad-token-url', summary));
    return;
  }
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const summary = `"${text}" is not the URL of a token endpoint. Write it with scheme, e.g. https://login.example.com/token.`;
    report(['tokenUrl'], errorFinding('bad-token-url', summary));
    return;
  }
  checkReach(text, input, (finding) => report(['tokenUrl'], finding));
}

/** "Bearer" is added by the client; the stored secret must not contain it (scim-wire.md 1.2). */
function checkToken(token: string, report: Report): void {
  if (/^bearer\s/i.test(token)) {
    const summary = 'The token begins with the word "Bearer", which is added by itself. Store the token alone.';
    report(['token'], errorFinding('bearer-in-token', summary));
  } else if (!/^[\x21-\x7e]+$/.test(token)) {
    const summary =
      'The token holds spaces, line ends or other characters that no header can carry. Store the token alone.';
    report(['token'], errorFinding('bad-token', summary));
  }
}

function checkPrivateKey(text: string, report: Report): void {
  if (isPrivateKey(text)) return;
  const summary = 'The private key cannot be read. Give a key without a passphrase as PEM (PKCS #8) or JWK.';
  report(['privateKey'], errorFinding('bad-private-key', summary));
}

/** Whether `text` is a private key as PEM or JWK. */
export function isPrivateKey(text: string): boolean {
  try {
    if (text.trimStart().startsWith('{')) createPrivateKey({ key: JSON.parse(text), format: 'jwk' });
    else createPrivateKey(text);
    return true;
  } catch {
    return false;
  }
}
