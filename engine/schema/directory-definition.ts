/** Directory definitions ↔ the `directories` of a mapping file (graph-api.md 14). */
import {
  GRAPH_TYPES,
  toText,
  type YamlAttribute,
  type YamlDefinition,
  type YamlDirectory,
  type YamlMapping,
} from '../config/mapping-file.ts';
import { DEFAULT_ATTRIBUTE } from './derive-directories.ts';
import { guidOf } from './guid.ts';
import { overlay, withRaw } from './raw-fields.ts';
import type { GraphAttribute, GraphDirectory, GraphObjectDefinition } from './synchronization-schema.ts';

const ACCESS: Readonly<Record<NonNullable<YamlAttribute['access']>, string>> = {
  rw: 'ReadWrite',
  ro: 'ReadOnly',
  immutable: 'Immutable',
  wo: 'WriteOnly',
};

/** Whether names can be the keys of a set: each once, and none that would change its order. */
export function areKeys(names: readonly string[]): boolean {
  return new Set(names).size === names.length && names.every((name) => !/^\d+$/.test(name) && name !== '__proto__');
}

/** Whether everything in the definition has a name that can be a key. */
export function hasKeys(directory: GraphDirectory): boolean {
  const { name, objects } = directory;
  return [[name], objects.map((object) => object.name)]
    .concat(objects.map(({ attributes }) => attributes.map((attribute) => attribute.name)))
    .every(areKeys);
}

/** The definition without its name. */
export function toYamlDirectory(directory: GraphDirectory): YamlDirectory {
  const objects = Object.fromEntries(directory.objects.map((object) => [object.name, toYamlDefinition(object)]));
  const { objects: _written, ...fields } = directory;
  const yaml: YamlDirectory = { objects };
  return withRaw(yaml, fields, (one) => directoryFields(directory.name, one));
}

function toYamlDefinition(object: GraphObjectDefinition): YamlDefinition {
  const attributes = Object.fromEntries(object.attributes.map((one) => [one.name, toYamlAttribute(one)]));
  const { attributes: _written, ...fields } = object;
  const yaml: YamlDefinition = { attributes };
  return withRaw(yaml, fields, (one) => definitionFields(object.name, one));
}

function toYamlAttribute(attribute: GraphAttribute): YamlAttribute {
  const type = keyOf(GRAPH_TYPES, attribute.type);
  const access = keyOf(ACCESS, attribute.mutability);
  const refs = attribute.referencedObjects.map((one) => one.referencedObjectName);
  const yaml: YamlAttribute = {
    ...(type === undefined || type === 'string' ? {} : { type }),
    ...(attribute.anchor ? { key: true } : {}),
    ...(attribute.required ? { required: true } : {}),
    ...(attribute.multivalued ? { multi: true } : {}),
    ...(attribute.caseExact ? { caseExact: true } : {}),
    ...(access === undefined || access === 'rw' ? {} : { access }),
    ...(refs.length === 0 ? {} : { refs }),
    ...(attribute.defaultValue === null ? {} : { default: attribute.defaultValue }),
    ...(attribute.flowNullValues ? { sendNulls: true } : {}),
  };
  return withRaw(yaml, attribute, (one) => toAttribute(attribute.name, one));
}

function keyOf<K extends string>(table: Readonly<Record<K, string>>, value: string): K | undefined {
  return (Object.keys(table) as K[]).find((key) => table[key] === value);
}

/** The definitions of a mapping file in Graph's form; undefined when the file has none. */
export function fromYamlDirectories(mapping: YamlMapping): readonly GraphDirectory[] | undefined {
  if (mapping.directories === undefined) return undefined;
  return Object.entries(mapping.directories).map(([name, yaml]) => fromYamlDirectory(name, yaml));
}

function fromYamlDirectory(name: string, yaml: YamlDirectory): GraphDirectory {
  const objects = Object.entries(yaml.objects).map(([object, definition]): GraphObjectDefinition => {
    const attributes = Object.entries(definition.attributes).map(([key, attribute]) => toAttribute(key, attribute));
    return { ...definitionFields(object, definition), attributes };
  });
  return { ...directoryFields(name, yaml), objects };
}

function directoryFields(name: string, { raw }: YamlDirectory): Omit<GraphDirectory, 'objects'> {
  const fields = {
    id: guidOf(`directory/${name}`),
    name,
    readOnly: false,
    discoverabilities: 'None',
    discoveryDateTime: null,
    version: null,
  };
  return overlay(fields, raw);
}

function definitionFields(name: string, { raw }: YamlDefinition): Omit<GraphObjectDefinition, 'attributes'> {
  return overlay({ name, supportedApis: [], metadata: [] }, raw);
}

function toAttribute(name: string, yaml: YamlAttribute): GraphAttribute {
  const attribute = {
    ...DEFAULT_ATTRIBUTE,
    name,
    type: GRAPH_TYPES[yaml.type ?? 'string'],
    anchor: yaml.key ?? false,
    required: yaml.required ?? false,
    multivalued: yaml.multi ?? false,
    caseExact: yaml.caseExact ?? false,
    mutability: ACCESS[yaml.access ?? 'rw'],
    defaultValue: yaml.default === undefined ? null : toText(yaml.default),
    flowNullValues: yaml.sendNulls ?? false,
    referencedObjects: (yaml.refs ?? []).map((referencedObjectName) => ({
      referencedObjectName,
      referencedProperty: null,
    })),
  };
  return overlay(attribute, yaml.raw);
}
