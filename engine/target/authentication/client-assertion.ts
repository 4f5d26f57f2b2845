/**
 * Client credentials with a signed JWT in place of a secret (RFC 7523 section 2.2, scim-wire.md 1.1).
 * By default the client speaks for itself; `issuer`, `subject`, `audience` and `claims` make it look like Entra's federation.
 */
import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { EngineError } from '../../model/engine-error.ts';
import type { Clock } from '../../ports.ts';
import type { Authentication, SignIn } from './authentication.ts';
import { type Grant, requestToken, sharedToken } from './oauth2.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** An assertion is used at once, so it need not live long. */
const LIFE_SECONDS = 300;

export function clientAssertion({ settings, transport, clock }: SignIn<'client-assertion'>): Authentication {
  const endpoint = {
    url: settings.tokenUrl,
    transport,
    clock,
    remedy:
      'check clientId, privateKey, keyId, audience and tokenUrl under target.auth, and the public key at the target',
  };
  return sharedToken(
    clock,
    async (signal) => {
      const grant = await assertionGrant(settings, clock);
      const { accessToken: value, renewAt } = await requestToken(endpoint, grant, signal);
      return { value, renewAt };
    },
    () => [settings.privateKey],
  );
}

/** What is sent for a token. */
export async function assertionGrant(settings: SignIn<'client-assertion'>['settings'], clock: Clock): Promise<Grant> {
  return {
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signAssertion(settings, clock),
    scope: settings.scope,
  };
}

async function signAssertion(settings: SignIn<'client-assertion'>['settings'], clock: Clock): Promise<string> {
  const { SignJWT } = await import('jose');
  const key = readKey(settings.privateKey);
  const now = Math.floor(Date.parse(clock.now()) / 1000);
  return new SignJWT({ ...settings.claims })
    .setProtectedHeader({
      alg: algorithmOf(key),
      typ: 'JWT',
      ...(settings.keyId === undefined ? {} : { kid: settings.keyId }),
    })
    .setIssuer(settings.issuer ?? settings.clientId)
    .setSubject(settings.subject ?? settings.clientId)
    .setAudience(settings.audience ?? settings.tokenUrl)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + LIFE_SECONDS)
    .sign(key);
}

function readKey(text: string): KeyObject {
  return text.trimStart().startsWith('{')
    ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
    : createPrivateKey(text);
}

const CURVES: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/** The usual algorithm for the kind of key (RFC 7518 section 3.1, RFC 8037). @throws EngineError `configuration` for other kinds */
function algorithmOf(key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const algorithm =
    type === 'rsa'
      ? 'RS256'
      : type === 'rsa-pss'
        ? 'PS256'
        : type === 'ed25519'
          ? 'EdDSA'
          : CURVES[details?.namedCurve ?? ''];
  if (algorithm !== undefined) return algorithm;
  throw new EngineError(`a key of kind ${type ?? 'unknown'} cannot sign an assertion`, {
    category: 'configuration',
    code: 'bad-private-key',
    remedy: 'use an RSA key of 2048 bits or more, or an elliptic one (P-256, P-384, P-521, Ed25519)',
  });
}
