/** Signing in with an assertion: what the JWT says, and which keys can sign it (scim-wire.md 1.1, ruling R9). */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import type { AuthenticationSettings } from '../../engine/model/authentication.ts';
import type { Target } from '../../engine/ports.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { CLIENT, probe, targetSignedInBy } from '../support/sign-in.ts';
import { TOKEN_URL, type TokenEndpoint, tokenEndpoint } from '../support/token-endpoint.ts';

const clock = fixedClock();
const targets: Target[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) await target.close();
});

function open(auth: AuthenticationSettings, endpoint: TokenEndpoint): Target {
  const target = targetSignedInBy(auth, endpoint, clock);
  targets.push(target);
  return target;
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const assertionOf = (endpoint: TokenEndpoint) => new Map(endpoint.exchanges[0]).get('client_assertion') ?? '';
const assertion = (privateKey: string, more: object = {}): AuthenticationSettings => ({
  ...CLIENT,
  type: 'client-assertion',
  privateKey,
  ...more,
});

test.each([
  ['RS256', rsa],
  ['ES256', () => curve('P-256')],
  ['ES384', () => curve('P-384')],
  ['EdDSA', () => generateKeyPairSync('ed25519').privateKey],
])('%s: the JWT can be verified, and speaks for the client at this endpoint for a short time', async (alg, makeKey) => {
  const key = makeKey();
  const endpoint = tokenEndpoint();
  await probe(open(assertion(pem(key), { keyId: 'k1' }), endpoint));
  expect(endpoint.exchanges[0]?.map(([name]) => name)).toEqual([
    'grant_type',
    'client_id',
    'client_assertion_type',
    'client_assertion',
    'scope',
  ]);
  expect(new Map(endpoint.exchanges[0]).get('client_assertion_type')).toBe(
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  );
  const { payload, protectedHeader } = await jwtVerify(assertionOf(endpoint), createPublicKey(key), {
    issuer: 'entra-7f3',
    subject: 'entra-7f3',
    audience: TOKEN_URL,
    currentDate: new Date(clock.now()),
  });
  expect(protectedHeader).toEqual({ alg, typ: 'JWT', kid: 'k1' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
});

test('a JWK, and the claims that Entra signs', async () => {
  const key = rsa();
  const endpoint = tokenEndpoint();
  const entra = {
    issuer: 'https://login.microsoftonline.com/t1/v2.0',
    audience: 'api://workload',
    subject: 'o1',
    claims: { tid: 't1', oid: 'o1', ver: '2.0' },
  };
  await probe(open(assertion(JSON.stringify(key.export({ format: 'jwk' })), entra), endpoint));
  const { payload } = await jwtVerify(assertionOf(endpoint), createPublicKey(key), {
    currentDate: new Date(clock.now()),
  });
  expect(payload).toMatchObject({
    iss: 'https://login.microsoftonline.com/t1/v2.0',
    aud: 'api://workload',
    sub: 'o1',
    tid: 't1',
    oid: 'o1',
    ver: '2.0',
  });
});

test('no two assertions are the same', async () => {
  const endpoint = tokenEndpoint();
  const settings = assertion(pem(rsa()));
  await probe(open(settings, endpoint));
  await probe(open(settings, endpoint));
  const [one, other] = endpoint.exchanges.map((fields) => new Map(fields).get('client_assertion'));
  expect(one).not.toBe(other);
});

test('a key that cannot sign is refused with the kinds that can', async () => {
  const { privateKey } = generateKeyPairSync('x25519');
  await expect(probe(open(assertion(pem(privateKey)), tokenEndpoint()))).rejects.toMatchObject({
    category: 'configuration',
    code: 'bad-private-key',
  });
});
