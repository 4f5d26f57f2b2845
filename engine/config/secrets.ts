/** Secrets are references, resolved at load and never printed. */
import { readFileSync } from 'node:fs';

export type SecretResult = { readonly value: string } | { readonly problem: string; readonly code: string };

const REFERENCE = /^\$\{(env|file):([^}]+)\}$/;

/** The secret that `text` refers to, or why it cannot be had. */
export function resolveSecret(text: string, env: Readonly<Record<string, string | undefined>>): SecretResult {
  const match = REFERENCE.exec(text.trim());
  if (match === null) {
    return {
      code: 'secret-in-plain-text',
      problem: 'A secret does not belong in this file. Write ${env:NAME} or ${file:/path} and keep the value there.',
    };
  }
  const [, kind, name = ''] = match;
  if (kind === 'env') {
    const value = env[name];
    if (value !== undefined && value !== '') return { value };
    return { code: 'missing-secret', problem: `The environment variable ${name} is not set. Set it: export ${name}=…` };
  }
  try {
    return { value: readFileSync(name, 'utf8').trim() };
  } catch {
    return { code: 'missing-secret', problem: `The secret file ${name} cannot be read.` };
  }
}
