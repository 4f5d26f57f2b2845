/** What an application says of its schemas → the target paths a mapping can name (scim-wire.md 3; gallery.md OK-10). */
import type { JsonValue, ScimResource } from '../model/scim-message.ts';

export type SchemaPath = {
  /** As a mapping row writes it. */
  readonly path: string;
  /** SCIM type, lower case; `reference` for manager and members. */
  readonly type: string;
  readonly readOnly: boolean;
};

const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group)$/i;
const REFERENCES: readonly string[] = ['manager', 'members'];

/**
 * The paths of each schema, by schema id, in the application's order. A complex attribute with several values has one path per
 * canonical type and sub-attribute, `emails[type eq "work"].value`; without canonical types there is nothing to pick one by.
 */
export function schemaPaths(schemas: readonly ScimResource[]): ReadonlyMap<string, readonly SchemaPath[]> {
  return new Map(
    schemas.flatMap((schema) => {
      const id = String(schema.id ?? '');
      // Configuration resources have schemas too; nobody maps to them.
      if (!/^urn:/i.test(id) || /:(ServiceProviderConfig|ResourceType|Schema)$/i.test(id)) return [];
      const prefix = CORE.test(id) ? '' : `${id}:`;
      return [[id, objects(schema.attributes).flatMap((attribute) => pathsOf(attribute, prefix))] as const];
    }),
  );
}

function pathsOf(attribute: ScimResource, prefix: string): readonly SchemaPath[] {
  const name = String(attribute.name ?? '');
  const type = String(attribute.type ?? 'string').toLowerCase();
  const readOnly = String(attribute.mutability ?? '').toLowerCase() === 'readonly';
  if (REFERENCES.includes(name.toLowerCase())) return [{ path: `${prefix}${name}`, type: 'reference', readOnly }];
  if (type !== 'complex') return [{ path: `${prefix}${name}`, type, readOnly }];
  const parts = objects(attribute.subAttributes);
  const at = (base: string, one: ScimResource): SchemaPath => ({
    path: `${base}.${String(one.name)}`,
    type: String(one.type ?? 'string').toLowerCase(),
    readOnly: readOnly || String(one.mutability ?? '').toLowerCase() === 'readonly',
  });
  if (attribute.multiValued !== true) return parts.map((one) => at(`${prefix}${name}`, one));
  return canonicalTypes(parts).flatMap((kind) =>
    parts
      .filter((one) => !['type', 'primary', '$ref'].includes(String(one.name)))
      .map((one) => at(`${prefix}${name}[type eq ${JSON.stringify(kind)}]`, one)),
  );
}

function canonicalTypes(parts: readonly ScimResource[]): readonly string[] {
  const type = parts.find((one) => String(one.name).toLowerCase() === 'type');
  const values = type?.canonicalValues;
  return Array.isArray(values) ? values.filter((one) => typeof one === 'string') : [];
}

function objects(value: JsonValue | undefined): readonly ScimResource[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is ScimResource => typeof one === 'object' && one !== null && !Array.isArray(one));
}
