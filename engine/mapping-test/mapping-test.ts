/** A mapping test as loaded: objects, and what the mapping should make of them. */
import type { EvaluationOptions } from '../expression/function-definition.ts';
import type { Place } from '../model/diagnostic.ts';
import type { Instant } from '../model/instant.ts';
import type { MappingDocument } from '../model/mapping.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import type { SourceObject } from '../model/source-object.ts';

export type MappingCase = {
  readonly name: string;
  readonly at: Place;
  /** Index of the object mapping in the document. */
  readonly mapping: number;
  readonly object: SourceObject;
  /** The resource as the target holds it; undefined: the object is created. */
  readonly current?: ScimResource;
  /** Values that `SelectUniqueValue` finds in use. */
  readonly taken: readonly string[];
  /** Target path → value; null: nothing flows. */
  readonly expect: Readonly<Record<string, JsonValue>>;
  /** Whatever `expect` does not name must not flow. */
  readonly only: boolean;
  /** Target path → error code. */
  readonly fails: Readonly<Record<string, string>>;
  readonly inScope: boolean;
  /** Occurs in the reason for the scope decision. */
  readonly because?: string;
};

/** A part of the mapping that a case can reach. */
export type CoveragePoint =
  | {
      readonly kind: 'branch';
      readonly mapping: number;
      readonly row: number;
      readonly start: number;
      readonly length: number;
    }
  | {
      readonly kind: 'clause';
      readonly mapping: number;
      readonly set: ClauseSet;
      readonly group: number;
      readonly clause: number;
    };

/** The key of the mapping file that holds the clause. */
export type ClauseSet = 'where' | 'preFilter' | 'category';

export type MappingTest = {
  readonly file: string;
  readonly mappingFile: string;
  readonly document: MappingDocument;
  readonly now: Instant;
  readonly defaultDomain?: string;
  readonly scopeMode: 'assigned' | 'all';
  readonly defaultAccess: 'provision' | 'skip';
  /** Where the documentation of expressions leaves a choice (expressions.md 5.7). */
  readonly expressions: EvaluationOptions;
  readonly cases: readonly MappingCase[];
  /** Where in the mapping file a point is. */
  readonly placeOf: (point: CoveragePoint) => Place;
};
