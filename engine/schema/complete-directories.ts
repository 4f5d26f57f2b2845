/** Definitions for attributes that rows name and the mapping file's directories do not: rows are added more often than definitions. */
import type { KnownAttributes } from '../model/target-attribute.ts';
import { attributesRead, deriveDirectories } from './derive-directories.ts';
import type { GraphAttribute, GraphDirectory, GraphObjectDefinition, GraphRule } from './synchronization-schema.ts';

/** `directories` with what `rules` read and write besides, typed as the template types it. Complete ones come back as they are. */
export function completeDirectories(
  directories: readonly GraphDirectory[],
  rules: readonly GraphRule[],
  known: KnownAttributes,
): readonly GraphDirectory[] {
  const needed = deriveDirectories(rules, known).filter(({ objects }) => objects.length > 0);
  const used = namesUsed(rules);
  const completed = directories.map((directory) => {
    const other = needed.find(({ name }) => name === directory.name);
    return other === undefined ? directory : completeDirectory(directory, other, used);
  });
  return [...completed, ...needed.filter(({ name }) => directories.every((directory) => directory.name !== name))];
}

function namesUsed(rules: readonly GraphRule[]): ReadonlySet<string> {
  const mappings = rules.flatMap(({ objectMappings }) => objectMappings);
  const written = mappings.flatMap(({ attributeMappings }) => attributeMappings.map((row) => row.targetAttributeName));
  return new Set([...mappings.flatMap(attributesRead), ...written]);
}

function completeDirectory(given: GraphDirectory, needed: GraphDirectory, used: ReadonlySet<string>): GraphDirectory {
  const objects = given.objects.map((object) => {
    const other = needed.objects.find(({ name }) => name === object.name);
    return other === undefined ? object : completeObject(object, other.attributes, used);
  });
  const missing = needed.objects.filter(({ name }) => given.objects.every((object) => object.name !== name));
  return { ...given, objects: [...objects, ...missing] };
}

function completeObject(
  given: GraphObjectDefinition,
  needed: readonly GraphAttribute[],
  used: ReadonlySet<string>,
): GraphObjectDefinition {
  const known = new Set(given.attributes.map(({ name }) => name.toLowerCase()));
  const missing = needed.filter(({ name, anchor }) => !anchor && used.has(name) && !known.has(name.toLowerCase()));
  return missing.length === 0 ? given : { ...given, attributes: [...given.attributes, ...missing] };
}
