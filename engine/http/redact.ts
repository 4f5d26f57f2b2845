/** No secret leaves through a log, an error or a recording. */

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s*[:=]\s*["']?)(bearer|basic)\s+[^\s"',}]+/gi, '$1$2 ***'],
  [/\b(bearer)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***'],
  [
    /((?:client_secret|client_assertion|refresh_token|access_token|password|secret|token)["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi,
    '$1***',
  ],
];

/** Shorter secrets are words that occur by themselves. */
const SHORTEST = 4;
/** In data, not only in text for people, a secret is replaced only when it cannot be anything else. */
const SHORTEST_IN_DATA = 16;

/** `text` without the given secrets and without anything that looks like a credential, at most `limit` characters long. */
export function redact(text: string, secrets: readonly string[], limit = 2000): string {
  let clean = without(text, secrets, SHORTEST);
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

/** The body of a good answer without the secrets: a target that echoes its token must not bring it into the state. */
export function redactData(text: string, secrets: readonly string[]): string {
  return without(text, secrets, SHORTEST_IN_DATA);
}

function without(text: string, secrets: readonly string[], shortest: number): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < shortest) continue;
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, '***');
  }
  return clean;
}

/** A secret as it stands, in JSON, in a URL, in a form. Most secrets look the same in all of them. */
function formsOf(secret: string): ReadonlySet<string> {
  if (/^[\w.~-]+$/.test(secret)) return new Set([secret]);
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), form];
  return new Set([...forms, ...forms.map((one) => one.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))]);
}

/** What may be read in a body of a token endpoint. */
const HARMLESS: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_assertion_type',
  'scope',
  'token_type',
  'expires_in',
  'error',
  'error_description',
]);

/** The body of a request to a token endpoint, or of its answer, with every value masked that is not known to be harmless. */
export function maskConfidential(text: string): string {
  const value = parseObject(text);
  if (value !== undefined) {
    const masked = Object.entries(value).map(([name, one]) => [name, HARMLESS.has(name) ? one : '***']);
    return JSON.stringify(Object.fromEntries(masked));
  }
  if (!/^[\w.%+*-]+=[^\s<{]*$/.test(text)) return text === '' ? '' : '***';
  const fields = [...new URLSearchParams(text)].map(([name, one]) => [name, HARMLESS.has(name) ? one : '***']);
  return new URLSearchParams(fields as [string, string][]).toString().replaceAll('%2A%2A%2A', '***');
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
