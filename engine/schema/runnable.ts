/** Which imported object mappings can run here: users and groups of Entra on their way to users and groups of an application. */
import type { YamlObject } from '../config/mapping-file.ts';
import { toYamlRow } from './attribute-row.ts';
import type { GraphObjectMapping, GraphRule } from './synchronization-schema.ts';

/** How exports call the source directory (mappings-and-scoping.md 7.2). */
const ENTRA = /^(azure active directory|microsoft entra id)$/i;

/** The directory object the mapping reads; undefined for any other. */
export function sourceType({ sourceObjectName }: GraphObjectMapping): YamlObject['from'] | undefined {
  return (['User', 'Group'] as const).find((type) => type.toLowerCase() === sourceObjectName.toLowerCase());
}

/** Why the mapping is only kept, as a sentence; undefined when it can run. */
export function whyKept(rule: GraphRule, mapping: GraphObjectMapping): string | undefined {
  const { sourceDirectoryName, targetDirectoryName } = rule;
  const { sourceObjectName, targetObjectName, attributeMappings } = mapping;
  const name = mapping.name ?? `${sourceObjectName || '(nothing)'} to ${targetObjectName || '(nothing)'}`;
  if (ENTRA.test(targetDirectoryName) && !ENTRA.test(sourceDirectoryName)) {
    return `"${name}" leads from ${sourceDirectoryName} into Entra.`;
  }
  if (sourceType(mapping) === undefined) {
    return `"${name}" reads ${sourceObjectName || 'no object'}; only User and Group are simulated.`;
  }
  // The target object is User, Group, or a schema URN that ends so.
  if (!/(^|:)(user|group)$/i.test(targetObjectName)) {
    return `"${name}" writes ${targetObjectName || 'no object'}; only users and groups are simulated.`;
  }
  return attributeMappings.some((row) => toYamlRow(row) !== undefined)
    ? undefined
    : `"${name}" has no attribute mapping that writes anything.`;
}
