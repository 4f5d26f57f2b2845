/** No secret leaves through a log, an error or a recording. */

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s*[:=]\s*["']?)(bearer|basic)\s+[^\s"',}]+/gi, '$1$2 ***'],
  [/\b(bearer)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  [
    /((?:client_secret|client_assertion|refresh_token|access_token|password|secret|token)["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi,
    '$1***',
  ],
];

/** `text` without the given secrets and without anything that looks like a credential, at most `limit` characters long. */
export function redact(text: string, secrets: readonly string[], limit = 2000): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 4) clean = clean.replaceAll(secret, '***');
  }
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
