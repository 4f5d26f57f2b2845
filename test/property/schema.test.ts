/** Import and export of schemas are inverse to each other, in memory and through a file (graph-api.md 14). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { YamlMapping } from '../../engine/config/mapping-file.ts';
import { mappingSchema } from '../../engine/config/mapping-schema.ts';
import { writeMapping } from '../../engine/config/write-mapping.ts';
import { checkYaml } from '../../engine/config/yaml-file.ts';
import { exportSchema } from '../../engine/schema/export-schema.ts';
import { importSchema } from '../../engine/schema/import-schema.ts';
import { normalizeSchema } from '../../engine/schema/normalize-schema.ts';
import { randomSchema } from '../support/random-schema.ts';

const RUNS = { numRuns: 200 };
/** Checking a file compiles its schema anew. */
const FILE_RUNS = { numRuns: 40 };

function normalized(document: unknown): unknown {
  return normalizeSchema(document, { lenient: false, report: () => undefined }).schema;
}

function imported(document: unknown): YamlMapping {
  const { mapping, findings } = importSchema(document, { lenient: false });
  const errors = findings.filter(({ finding }) => finding.severity === 'error');
  expect(errors.map(({ path, finding }) => `${path.join('.')}: ${finding.summary}`)).toEqual([]);
  return mapping ?? { objects: [] };
}

test('what is exported of an import is the normalised schema', () => {
  fc.assert(
    fc.property(randomSchema, (document) => {
      expect(exportSchema(imported(document))).toStrictEqual(normalized(document));
    }),
    RUNS,
  );
});

test('a mapping file carries an import unchanged', () => {
  fc.assert(
    fc.property(randomSchema, (document) => {
      const mapping = imported(document);
      const file = checkYaml('mapping.yaml', writeMapping(mapping, 'mapping.schema.json'), mappingSchema);
      expect(file.diagnostics).toEqual([]);
      expect(exportSchema(file.content as YamlMapping)).toStrictEqual(normalized(document));
    }),
    FILE_RUNS,
  );
});

test('what is imported of an export is the mapping', () => {
  fc.assert(
    fc.property(randomSchema, (document) => {
      const mapping = imported(document);
      expect(imported(exportSchema(mapping))).toStrictEqual(mapping);
    }),
    RUNS,
  );
});

test('normalising twice changes nothing', () => {
  fc.assert(
    fc.property(randomSchema, (document) => {
      expect(normalized(normalized(document))).toStrictEqual(normalized(document));
    }),
    RUNS,
  );
});

test('anything at all gives findings, not exceptions', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), randomlyBroken()), (document) => {
      const { mapping, findings } = importSchema(document, { lenient: false });
      expect(mapping !== undefined || findings.length > 0).toBe(true);
    }),
    RUNS,
  );
});

/** A schema with one value somewhere in it replaced. */
function randomlyBroken(): fc.Arbitrary<unknown> {
  return fc.tuple(randomSchema, fc.nat(), fc.jsonValue({ maxDepth: 1 })).map(([schema, at, value]) => {
    let count = 0;
    const total = JSON.stringify(schema).length;
    return JSON.parse(JSON.stringify(schema), (_key, old: unknown) =>
      count++ === at % Math.min(total, 200) ? value : old,
    );
  });
}
