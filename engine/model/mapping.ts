/**
 * A mapping file after loading: the YAML vocabulary of graph-api.md 14 from `objects:` down, checked, with defaults filled in.
 * Scoping filters are kept in Graph's own shape, so that one evaluator serves YAML, imports and the library.
 */
import type { ObjectType } from './source-object.ts';
import type { TargetAttribute } from './target-attribute.ts';

export type TargetAction = 'create' | 'update' | 'delete';

/**
 * When a row applies (graph-api.md 5, 14), with Graph's `flowType`:
 * - `always`: Always
 * - `onCreate`: ObjectAddOnly
 * - `addValues`: MultiValueAddOnly; values of a list are added and never removed, a single value is written once
 * - `noRemove`: ValueAddOnly; values are written and added, never removed
 * - `ifEmpty`: AttributeAddOnly; only while the target has no value
 */
export type ApplyMapping = 'always' | 'onCreate' | 'addValues' | 'noRemove' | 'ifEmpty';

export type MappingSource =
  /** A copy of one source attribute. */
  | { readonly kind: 'direct'; readonly attribute: string }
  /** A fixed text. */
  | { readonly kind: 'constant'; readonly value: string }
  | { readonly kind: 'expression'; readonly text: string }
  /** Writes nothing by itself; gives an empty target attribute the default value (mappings-and-scoping.md 2.1). */
  | { readonly kind: 'none' };

export type AttributeMapping = {
  /** Target path, e.g. `userName`, `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`. */
  readonly target: string;
  readonly source: MappingSource;
  /** Matching precedence, 1 first; undefined when the row takes no part in matching. */
  readonly match?: number;
  /** Sent when the source is null, on creation only. */
  readonly defaultValue?: string;
  readonly apply: ApplyMapping;
  /** Graph `flowBehavior`: FlowWhenChanged or FlowAlways. */
  readonly when: 'changed' | 'everyCycle';
};

export type FilterClause = {
  readonly sourceOperandName: string;
  readonly operatorName: string;
  readonly targetOperand: { readonly values: readonly string[] };
};

/** Clauses AND-ed. */
export type FilterGroup = { readonly name?: string; readonly clauses: readonly FilterClause[] };

/** Groups OR-ed; a null or empty set restricts nothing. Graph `filter`. */
export type ScopingFilter = {
  readonly groups?: readonly FilterGroup[] | null;
  readonly inputFilterGroups?: readonly FilterGroup[] | null;
  readonly categoryFilterGroups?: readonly FilterGroup[] | null;
};

export type ObjectMapping = {
  /** E.g. "Users". Unique in the file. */
  readonly name: string;
  readonly from: ObjectType;
  /** `User`, `Group`, or a schema URN. */
  readonly to: string;
  readonly enabled: boolean;
  readonly actions: readonly TargetAction[];
  readonly scope?: ScopingFilter;
  readonly map: readonly AttributeMapping[];
  /** What the file's directory definitions say of the target attributes. */
  readonly attributes?: readonly TargetAttribute[];
};

export type MappingDocument = {
  /** Job ids start with it. */
  readonly template: string;
  readonly objects: readonly ObjectMapping[];
};
