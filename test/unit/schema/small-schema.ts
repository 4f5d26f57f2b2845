/** Small `synchronizationSchema` documents for tests of the import, one part of them at a time. */
import { type ImportedSchema, importSchema } from '../../../engine/schema/import-schema.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const MATCHING = { targetAttributeName: 'userName', matchingPriority: 1, source: { name: 'userPrincipalName' } };
export const ACTIVE = {
  targetAttributeName: 'active',
  source: { type: 'Function', expression: 'Not([IsSoftDeleted])' },
};

/** A small schema: one rule, users. */
export function schema(parts: {
  rows?: readonly Fields[];
  object?: Fields;
  rule?: Fields;
  top?: Fields;
  source?: readonly Fields[];
  target?: readonly Fields[];
}): Fields {
  const attributeMappings = [MATCHING, ACTIVE, ...(parts.rows ?? [])];
  const object = {
    name: 'Users',
    sourceObjectName: 'User',
    targetObjectName: 'User',
    attributeMappings,
    ...parts.object,
  };
  const rule = {
    id: 'r1',
    name: 'USER_OUTBOUND_USER',
    sourceDirectoryName: 'Microsoft Entra ID',
    targetDirectoryName: 'customappsso',
    objectMappings: [object],
    ...parts.rule,
  };
  const source = [
    { name: 'objectId', anchor: true },
    { name: 'userPrincipalName' },
    { name: 'IsSoftDeleted', type: 'Boolean' },
    { name: 'mail' },
    { name: 'department' },
    { name: 'proxies', multivalued: true },
    ...(parts.source ?? []),
  ];
  const target = [
    { name: 'id', anchor: true },
    ...['userName', 'active', 'title', 'nickName', 'locale'].map((name) => ({ name })),
    ...(parts.target ?? []),
  ];
  return {
    synchronizationRules: [rule],
    directories: [
      { name: 'Microsoft Entra ID', objects: [{ name: 'User', attributes: source }] },
      { name: 'customappsso', objects: [{ name: 'User', attributes: target }] },
    ],
    ...parts.top,
  };
}

/** Where the object mapping and its third row are. */
export const OBJECT = 'synchronizationRules.0.objectMappings.0';
export const ROW = `${OBJECT}.attributeMappings.2`;

/** Findings of the import as severity, code and place. */
export function codesOf(document: unknown, { lenient = false } = {}): readonly string[] {
  const { findings } = importSchema(document, { lenient });
  return findings.map(({ path, finding }) => `${finding.severity} ${finding.code} ${path.join('.')}`);
}

export function importStrictly(document: unknown): ImportedSchema {
  return importSchema(document, { lenient: false });
}
