/**
 * Parsed JSON → a `synchronizationSchema` with every field in Graph's own form (graph-api.md 8.3): defaults filled in, annotations
 * left out, enumerations in documented spelling, unknown fields kept. What cannot be read is a finding and takes the default.
 */
import type { KeyPath, Report } from '../config/finding.ts';
import { errorFinding, warningFinding } from '../config/finding.ts';
import type { Raw } from '../config/mapping-file.ts';
import { suggest } from '../model/suggest.ts';
import type { KnownAttributes } from '../model/target-attribute.ts';
import { findOperator, SCOPING_OPERATORS } from '../scope/operators.ts';
import { deriveDirectories } from './derive-directories.ts';
import { guidOf } from './guid.ts';
import { normalizeSource } from './normalize-source.ts';
import { isFields } from './raw-fields.ts';
import { ruleNameOf, SCHEMA_FIELDS, type SchemaField, type SchemaLevel } from './schema-fields.ts';
import type { GraphDirectory, GraphRule, SynchronizationSchema } from './synchronization-schema.ts';

export type NormalizeContext = {
  /** Keeps members of enumerations that are not documented, with a warning (ruling R13). */
  readonly lenient: boolean;
  readonly report: Report;
  /** What the application's document lists of the target attributes. */
  readonly known?: KnownAttributes;
};

/** The schema in normal form, and whether its directories were made up because it has none. */
export type NormalizedSchema = { readonly schema: SynchronizationSchema; readonly directoriesDerived: boolean };

/** @param document what `JSON.parse` gives. Normalising the result again changes nothing. */
export function normalizeSchema(document: unknown, context: NormalizeContext): NormalizedSchema {
  // The fields are those of SCHEMA_FIELDS, which describes this type.
  const schema = normalizePart('schema', document, [], context) as unknown as SynchronizationSchema;
  const synchronizationRules = schema.synchronizationRules.map(withRuleName);
  const directoriesDerived = schema.directories.length === 0;
  if (directoriesDerived && synchronizationRules.length > 0) {
    const summary =
      'The schema has no directory definitions: attribute names and types cannot be checked. Export the whole schema.';
    context.report([], warningFinding('no-directories', summary));
  }
  const directories = directoriesDerived
    ? deriveDirectories(synchronizationRules, context.known)
    : schema.directories.map(withDirectoryId);
  return { schema: { ...schema, synchronizationRules, directories }, directoriesDerived };
}

/** Hand-made rules have neither name nor id (graph-api.md 8.3.5). */
function withRuleName(rule: GraphRule): GraphRule {
  const name = rule.name === '' ? ruleNameOf(rule.objectMappings) : rule.name;
  return { ...rule, name, id: rule.id === '' ? guidOf(`rule/${name}`) : rule.id };
}

function withDirectoryId(directory: GraphDirectory): GraphDirectory {
  return directory.id === '' ? { ...directory, id: guidOf(`directory/${directory.name}`) } : directory;
}

function normalizePart(level: SchemaLevel, value: unknown, where: KeyPath, context: NormalizeContext): Raw {
  if (value !== undefined && value !== null && !isFields(value)) {
    report(context, where, `${nameOf(where)} must be an object.`);
  }
  const given = isFields(value) ? value : {};
  const fields = SCHEMA_FIELDS[level];
  const names = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  // PowerShell writes property names in PascalCase (graph-api.md 1.3).
  const keys = new Map(Object.keys(given).map((key) => [names.get(key.toLowerCase()) ?? key, key]));
  const known = Object.entries(fields).map(([name, field]) => {
    const key = keys.get(name) ?? name;
    return [name, normalizeField(field, given[key], [...where, key], context)];
  });
  const unknown = Object.entries(given).filter(([key]) => !names.has(key.toLowerCase()) && !isAnnotation(key));
  if (level === 'scope' && unknown.some(([key]) => key === 'filterGroups')) {
    const summary = 'filterGroups is not a part of a scoping filter and restricts nothing. Use groups.';
    context.report([...where, 'filterGroups'], warningFinding('unknown-filter-set', summary));
  }
  return Object.fromEntries([...known, ...unknown]);
}

function isAnnotation(key: string): boolean {
  return key.includes('@odata.') || key.startsWith('#microsoft.graph.');
}

function normalizeField(field: SchemaField, value: unknown, where: KeyPath, context: NormalizeContext): unknown {
  switch (field.kind) {
    case 'text':
      return readText(value, where, context) ?? field.otherwise;
    case 'flag':
      return readFlag(value, where, context) ?? field.otherwise;
    case 'count':
      return readCount(value, where, context) ?? field.otherwise;
    case 'choice':
      return readChoice(field.members, value, where, context) ?? field.members[0];
    case 'choices':
      return readChoices(field, value, where, context);
    case 'texts':
      return readList(value, where, context).map((one, index) => readText(one, [...where, index], context) ?? '');
    case 'anything':
      return value ?? field.otherwise;
    case 'operator':
      return readOperator(value, where, context);
    case 'source':
      return normalizeSource(value, where, { ...context, choose: readChoice });
    case 'part':
      return field.nullable && (value ?? null) === null ? null : normalizePart(field.of, value, where, context);
    case 'list':
      return readList(value, where, context).map((one, index) =>
        normalizePart(field.of, one, [...where, index], context),
      );
  }
}

function readText(value: unknown, where: KeyPath, context: NormalizeContext): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      if ((value ?? null) !== null) report(context, where, `${nameOf(where)} must be text.`);
      return undefined;
  }
}

/** Booleans also come as text (graph-api.md 1.3). */
function readFlag(value: unknown, where: KeyPath, context: NormalizeContext): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if ((value ?? null) !== null) report(context, where, `${nameOf(where)} must be true or false.`);
  return undefined;
}

function readCount(value: unknown, where: KeyPath, context: NormalizeContext): number | undefined {
  if ((value ?? null) === null) return undefined;
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  report(context, where, `${nameOf(where)} must be a whole number from 0.`);
  return undefined;
}

function readList(value: unknown, where: KeyPath, context: NormalizeContext): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if ((value ?? null) !== null) report(context, where, `${nameOf(where)} must be a list.`);
  return [];
}

function readChoice(
  members: readonly string[],
  value: unknown,
  where: KeyPath,
  context: NormalizeContext,
): string | undefined {
  if (typeof value === 'number' && members[value] !== undefined) return members[value];
  const text = readText(value, where, context);
  if (text === undefined || text === '') return undefined;
  const known = members.find((member) => member.toLowerCase() === text.trim().toLowerCase());
  if (known !== undefined) return known;
  reportMember(text, members, where, context);
  return context.lenient ? text : undefined;
}

function readChoices(
  { members, otherwise }: Extract<SchemaField, { kind: 'choices' }>,
  value: unknown,
  where: KeyPath,
  context: NormalizeContext,
): string {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value.trim()))) {
    return join(members.filter((_member, index) => Math.floor(Number(value) / 2 ** index) % 2 === 1));
  }
  const parts = (readText(value, where, context) ?? '').split(',').map((part) => part.trim());
  const given = parts.filter((part) => part !== '');
  // A client that cannot read flags writes an empty text back (graph-api.md 8.3.3).
  if (given.length === 0) return otherwise;
  const isKnown = (part: string) => ['none', ...members.map((one) => one.toLowerCase())].includes(part.toLowerCase());
  const strange = given.filter((part) => !isKnown(part));
  for (const part of strange) reportMember(part, ['None', ...members], where, context);
  const chosen = members.filter((member) => given.some((part) => part.toLowerCase() === member.toLowerCase()));
  return join([...chosen, ...(context.lenient ? strange : [])]);
}

function join(members: readonly string[]): string {
  return members.length === 0 ? 'None' : members.join(',');
}

/** The operator as documented: case aside, and `_` for a blank or the other way round (graph-api.md 3.1). */
function readOperator(value: unknown, where: KeyPath, context: NormalizeContext): string {
  const text = readText(value, where, context) ?? '';
  const loose = (name: string) => name.trim().replaceAll('_', ' ').toLowerCase();
  const known = findOperator(text) ?? SCOPING_OPERATORS.find((operator) => loose(operator.name) === loose(text));
  return known?.name ?? text;
}

function reportMember(text: string, members: readonly string[], where: KeyPath, context: NormalizeContext): void {
  const near = suggest(text, members);
  const hint = near === undefined ? `Known: ${members.join(', ')}.` : `Did you mean "${near}"?`;
  const summary = `${nameOf(where)} cannot be "${text}". ${hint}`;
  if (context.lenient) {
    const kept = `"${text}" is kept for export; ${nameOf(where)} counts as not set here. ${hint}`;
    context.report(where, warningFinding('unknown-member', kept));
  } else context.report(where, errorFinding('unknown-member', `${summary} Import it as it is with --lenient.`));
}

function report(context: NormalizeContext, where: KeyPath, summary: string): void {
  context.report(where, errorFinding('wrong-type', summary));
}

function nameOf(where: KeyPath): string {
  const name = where.findLast((step) => typeof step === 'string');
  if (name === undefined) return 'The schema';
  return typeof where.at(-1) === 'number' ? `An entry of ${name}` : String(name);
}
