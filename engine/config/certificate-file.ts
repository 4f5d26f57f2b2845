/** Whether a file holds the certificates it is named for: TLS takes any text, and trusts nobody by it. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const BLOCK = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[^-]*-----END \1-----/g;

/** What is wrong with it, written to follow the name of the file; undefined when nothing is. */
export async function certificateProblem(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'latin1').catch(() => undefined);
  if (text === undefined) return 'cannot be read';
  const blocks = text.match(BLOCK) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate) ? undefined : 'holds no certificates in PEM form';
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
