/** A mapping file → Graph's `synchronizationSchema` (graph-api.md 8.5, 14). */
import isEqual from 'lodash/isEqual.js';
import type { Raw, YamlMapping } from '../config/mapping-file.ts';
import type { KnownAttributes } from '../model/target-attribute.ts';
import { completeDirectories } from './complete-directories.ts';
import { deriveDirectories } from './derive-directories.ts';
import { fromYamlDirectories } from './directory-definition.ts';
import { guidOf } from './guid.ts';
import { normalizeSchema } from './normalize-schema.ts';
import { toGraphObject } from './object-mapping.ts';
import { isFields, overlay } from './raw-fields.ts';
import { ruleNameOf, SOURCE_DIRECTORY, TARGET_DIRECTORY, templateSchemaId } from './schema-fields.ts';
import type { GraphDirectory, GraphObjectMapping, GraphRule, SynchronizationSchema } from './synchronization-schema.ts';

/**
 * The whole document, every field written. What the file has under `raw` is laid over what its keys say.
 * @param id of the job the schema is for, instead of the one in the file
 * @param known what the application's document lists of the target attributes
 */
export function exportSchema(
  mapping: YamlMapping,
  { id, known = {} }: { readonly id?: string; readonly known?: KnownAttributes } = {},
): SynchronizationSchema {
  const { synchronizationRules, directories, ...raw } = mapping.raw ?? {};
  const rules = completed(toRules(mapping, synchronizationRules));
  const fields = {
    id: templateSchemaId(mapping.template ?? 'scim'),
    version: null,
    synchronizationRules: rules,
    directories: toDirectories(mapping, rules, directories, known),
  };
  const schema: SynchronizationSchema = overlay(fields, raw);
  return id === undefined ? schema : { ...schema, id };
}

/** The rules with every field: what stands under `raw` may have been edited by hand. */
function completed(synchronizationRules: readonly GraphRule[]): readonly GraphRule[] {
  const context = { lenient: true, report: () => undefined };
  return normalizeSchema({ synchronizationRules }, context).schema.synchronizationRules;
}

/** The rules under `raw`, each with the objects it names or the mappings it keeps; objects that no rule names join the first. */
function toRules(mapping: YamlMapping, kept: unknown): readonly GraphRule[] {
  const given: readonly Raw[] = Array.isArray(kept) && kept.length > 0 ? kept.filter(isFields) : [{}];
  const objects = new Map(mapping.objects.map((object) => [object.name, toGraphObject(object)]));
  const lists = given.map((rule) => (Array.isArray(rule.objectMappings) ? (rule.objectMappings as unknown[]) : []));
  const named = new Set(lists.flat().filter((one) => typeof one === 'string'));
  const unnamed = [...objects].flatMap(([name, object]) => (named.has(name) ? [] : [object]));
  return given.map(({ objectMappings: _list, ...raw }, index) => {
    const own = (lists[index] ?? []).flatMap((one) => {
      const found = typeof one === 'string' ? objects.get(one) : isFields(one) ? one : undefined;
      return found === undefined ? [] : [found as GraphObjectMapping];
    });
    return toRule(index === 0 ? [...own, ...unnamed] : own, raw);
  });
}

/** A rule with the template's names where `raw` has no others. */
export function toRule(objectMappings: readonly GraphObjectMapping[], raw: Raw): GraphRule {
  const name = ruleNameOf(objectMappings);
  const fields = {
    id: guidOf(`rule/${name}`),
    name,
    priority: 1,
    editable: true,
    sourceDirectoryName: SOURCE_DIRECTORY,
    targetDirectoryName: TARGET_DIRECTORY,
    containerFilter: null,
    groupFilter: null,
    metadata: [],
    objectMappings,
  };
  return overlay(fields, raw);
}

/** The definitions of the file, those under `raw` at their place in the list; derived ones when it has none. */
function toDirectories(
  mapping: YamlMapping,
  rules: readonly GraphRule[],
  kept: unknown,
  known: KnownAttributes,
): readonly GraphDirectory[] {
  const written = fromYamlDirectories(mapping) ?? [];
  if (!Array.isArray(kept) && written.length === 0) return deriveDirectories(rules, known);
  return completeDirectories(inOrder(written, kept), rulesOfFile(mapping, rules), known);
}

/** The rules with the object mappings of the file only: what is under `raw` brings its own definitions. */
function rulesOfFile(mapping: YamlMapping, rules: readonly GraphRule[]): readonly GraphRule[] {
  const objects = mapping.objects.map(toGraphObject);
  return rules.map((rule) => ({
    ...rule,
    objectMappings: rule.objectMappings.filter((one) => objects.some((object) => isEqual(object, one))),
  }));
}

function inOrder(written: readonly GraphDirectory[], kept: unknown): readonly GraphDirectory[] {
  if (!Array.isArray(kept)) return written;
  const list = (kept as readonly unknown[]).flatMap((one) => {
    const found = typeof one === 'string' ? written.find(({ name }) => name === one) : isFields(one) ? one : undefined;
    return found === undefined ? [] : [found as GraphDirectory];
  });
  return [...list, ...written.filter((directory) => !list.includes(directory))];
}
