/** Secrets: references only, resolved at load, masked where people read them. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MASK, maskPlainSecrets, maskSecrets, resolveSecret } from '../../../engine/config/secrets.ts';
import { briefs, CONFIG, load } from './config-folder.ts';

const noFile = (path: string) => resolve('no-such-folder', path);

describe('a reference', () => {
  test('to an environment variable gives its value', () => {
    expect(resolveSecret('${env:TOKEN}', { TOKEN: 'abc' }, noFile)).toEqual({ value: 'abc' });
  });

  test.each([undefined, ''])('to a variable that is %j says how to set it', (value) => {
    const result = resolveSecret('${env:TOKEN}', { TOKEN: value }, noFile);
    expect(result).toMatchObject({ code: 'missing-secret', problem: expect.stringContaining('export TOKEN=') });
  });

  test('to a file is read relative to the configuration, without the line end', async () => {
    const text = CONFIG.replace('${env:SCIM_TOKEN}', '${file:token.txt}');
    const { configuration } = await load(text, { 'token.txt': 'from-file\n' });
    expect(configuration?.jobs[0]?.target.auth).toEqual({ type: 'bearer', token: 'from-file' });
  });

  test.each([
    ['is not there', {}],
    ['is empty', { 'token.txt': '\n' }],
  ])('to a file that %s is a finding', async (_what, files) => {
    const text = CONFIG.replace('${env:SCIM_TOKEN}', '${file:token.txt}');
    expect(briefs(await load(text, files))).toEqual(['config.yaml:10:16 error missing-secret «${file:token.txt}»']);
  });

  test.each(['hunter2', '$TOKEN', '${TOKEN}', 'Bearer ${env:TOKEN}'])('%s is none', (text) => {
    expect(resolveSecret(text, { TOKEN: 'abc' }, noFile)).toMatchObject({ code: 'secret-in-plain-text' });
  });

  test('the message about a secret in plain text does not repeat it', async () => {
    const { diagnostics } = await load(CONFIG.replace('${env:SCIM_TOKEN}', 'hunter2'));
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
    expect(diagnostics[0]?.sourceLine).toBe('        token: *******');
  });

  test.each([
    ["auth: { type: bearer, token: 'hunter2', colour: red }", "auth: { type: bearer, token: '*******', colour: red }"],
    ['"clientSecret": "hunter2",', '"clientSecret": "*******",'],
    ['smtp: smtps://me:hunter2@mail.contoso.com   # ours', `smtp: ${'*'.repeat(38)}# ours`],
    ['url: https://me:hunter2@app.example.com', 'url: https://**********@app.example.com'],
    ['token: ${env:SCIM_TOKEN}', 'token: ${env:SCIM_TOKEN}'],
    ['auth: { type: bearer, tokn: hunter2 }', 'auth: { type: bearer, tokn: ********}'],
    ['client_secret: hunter2', 'client_secret: *******'],
    ['headers: { x-api-key: hunter2 }', 'headers: { x-api-key: ********}'],
    ['tokenUrl: https://login.example.com/token', 'tokenUrl: https://login.example.com/token'],
    ['keyId: 2026-01', 'keyId: 2026-01'],
  ])('a line that a finding quotes: %s', (line, shown) => {
    expect(maskPlainSecrets(line)).toBe(shown);
    expect(maskPlainSecrets(line)).toHaveLength(line.length);
  });
});

test('masking hides tokens and client secrets and nothing else', async () => {
  const oauth = CONFIG.replace(
    'type: bearer\n        token: ${env:SCIM_TOKEN}',
    'type: oauth2-client-credentials\n        tokenUrl: https://login.example.com/token\n        clientId: me\n        clientSecret: ${env:SCIM_TOKEN}',
  );
  for (const text of [CONFIG, oauth]) {
    const { configuration } = await load(text);
    const masked = configuration === undefined ? undefined : maskSecrets(configuration);
    expect(JSON.stringify(masked)).not.toContain('secret-token');
    expect(JSON.stringify(masked)).toContain(MASK);
    expect(masked?.jobs[0]?.target.url).toBe(configuration?.jobs[0]?.target.url);
  }
});
