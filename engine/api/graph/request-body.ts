/** Bodies: JSON with members in any case, unknown ones ignored, booleans also as text (graph-api.md 1.3). */
import { badRequest, GraphError } from './graph-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An expression of the greatest length that is taken nests less in its parameters. */
const DEEPEST = 2000;

/** How deep lists and objects stand in each other. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{}\]]/g)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** @throws GraphError 400 when the text is no JSON, or the type is another one */
export function parseBody(text: string, contentType: string | null): unknown {
  if (text.trim() === '') return {};
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && type !== 'application/json') {
    throw badRequest(`The body is ${type}. Send it as application/json.`);
  }
  if (depthOf(text) > DEEPEST) throw badRequest(`The body goes more than ${DEEPEST} levels deep.`);
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw badRequest(
      `The body is not JSON: ${error instanceof Error ? error.message : String(error)}. Quote all keys.`,
    );
  }
}

/** The body as an object. @throws GraphError 400, for a list in the words of the service (graph-api.md 2.2) */
export function bodyFields(body: unknown): Fields {
  if (!Array.isArray(body)) return fieldsOf(body, 'The body');
  throw new GraphError(400, 'RequestParameterMissing', 'The body is a list. Send a JSON object.');
}

/** An object inside the body. @throws GraphError 400 */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badRequest(`${what} must be a JSON object.`);
}

/** The member of that name, in any case; undefined when it is not there. */
export function member(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const wanted = name.toLowerCase();
  return Object.entries(fields).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** A text member; undefined when it is missing or null. @throws GraphError 400 when it is something else */
export function textMember(fields: Fields, name: string): string | undefined {
  const value = member(fields, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw badRequest(`"${name}" must be text.`);
}

/** A boolean, or its name as text; false when it is missing. @throws GraphError 400 */
export function flagMember(fields: Fields, name: string): boolean {
  const value = member(fields, name);
  if (value === undefined || value === null) return false;
  const text = String(value).toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  throw badRequest(`"${name}" must be true or false.`);
}

/** A list member; undefined when it is missing or null. @throws GraphError 400 */
export function listMember(fields: Fields, name: string): readonly unknown[] | undefined {
  const value = member(fields, name);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  throw badRequest(`"${name}" must be a list.`);
}
