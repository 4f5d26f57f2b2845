/** JSON as a target sends it: bounded in depth, and without keys that reach into prototypes. */
import type { JsonValue } from '../model/scim-message.ts';

export type ParsedAnswer = { readonly value: JsonValue } | { readonly problem: string };

/** SCIM nests four levels deep; whoever walks a value may recurse this far. */
const DEEPEST = 64;

/** The value, or what the text is instead: `is HTML, not JSON`. */
export function parseAnswer(text: string): ParsedAnswer {
  if (isTooDeep(text)) return { problem: `nests deeper than ${DEEPEST} levels` };
  try {
    // Own keys of that name are harmless until somebody assigns them to another object.
    const value: unknown =
      text.includes('__proto__') || text.includes('\\u00') ? JSON.parse(text, withoutPrototype) : JSON.parse(text);
    return { value: value as JsonValue };
  } catch {
    return { problem: /^\s*</.test(text) ? 'is HTML, not JSON' : 'is not complete JSON' };
  }
}

function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

/** Counts brackets outside of texts; JSON that is no JSON is the parser's finding. */
function isTooDeep(text: string): boolean {
  // Every level opens and closes; most answers are shorter than that.
  if (text.length <= 2 * DEEPEST) return false;
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inText) {
      if (character === BACKSLASH) index += 1;
      else if (character === QUOTE) inText = false;
    } else if (character === QUOTE) inText = true;
    else if (character === BRACE || character === BRACKET) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (character === BRACE + 2 || character === BRACKET + 2) depth -= 1;
  }
  return false;
}

const QUOTE = 34;
const BACKSLASH = 92;
/** `{`; its counterpart comes two later, as that of `[` does. */
const BRACE = 123;
const BRACKET = 91;
