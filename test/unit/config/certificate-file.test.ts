/** A file of certificates is known before anything is sent by it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { certificateProblem } from '../../../engine/config/certificate-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'scimulate-'));
afterAll(() => rm(folder, { recursive: true }));

const [first = '', second = ''] = rootCertificates;
const NO_PEM = 'holds no certificates in PEM form';

test.each([
  ['one', first, undefined],
  ['a bundle with remarks', `# Example CA\n${first}\n# Another - old\n${second}\n`, undefined],
  ['with Windows line ends', first.replaceAll('\n', '\r\n'), undefined],
  ['empty', '', NO_PEM],
  ['cut off', first.slice(0, 300), NO_PEM],
  ['something else in its frame', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', NO_PEM],
  ['a key', first.replaceAll('CERTIFICATE', 'PRIVATE KEY'), NO_PEM],
])('%s', async (_name, text, problem) => {
  const path = join(folder, 'ca.pem');
  await writeFile(path, text);
  expect(await certificateProblem(path)).toBe(problem);
});
