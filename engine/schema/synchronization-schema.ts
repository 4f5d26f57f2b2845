/** Graph's `synchronizationSchema` after normalisation (graph-api.md 4, 8.3): every field there, defaults filled in, unknown ones kept. */
import type { AttributeMappingSource } from '../expression/graph-form.ts';

type Metadata = readonly { readonly key: string; readonly value: string | null }[];

export type GraphFilterClause = {
  readonly operatorName: string;
  readonly sourceOperandName: string;
  readonly targetOperand: { readonly values: readonly string[] };
};

export type GraphFilterGroup = { readonly name: string | null; readonly clauses: readonly GraphFilterClause[] };

export type GraphScope = {
  readonly categoryFilterGroups: readonly GraphFilterGroup[];
  readonly groups: readonly GraphFilterGroup[];
  readonly inputFilterGroups: readonly GraphFilterGroup[];
};

export type GraphAttributeMapping = {
  readonly defaultValue: string | null;
  readonly exportMissingReferences: boolean;
  readonly flowBehavior: string;
  readonly flowType: string;
  /** 0: takes no part in matching. */
  readonly matchingPriority: number;
  readonly targetAttributeName: string;
  /** Null: the row writes its default value, or nothing. */
  readonly source: AttributeMappingSource | null;
};

export type GraphObjectMapping = {
  readonly enabled: boolean;
  /** Members of Add, Update, Delete joined with commas; `None`. */
  readonly flowTypes: string;
  readonly name: string | null;
  readonly scope: GraphScope | null;
  readonly sourceObjectName: string;
  readonly targetObjectName: string;
  readonly attributeMappings: readonly GraphAttributeMapping[];
  readonly metadata: Metadata;
};

export type GraphRule = {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly editable: boolean;
  readonly sourceDirectoryName: string;
  readonly targetDirectoryName: string;
  readonly containerFilter: unknown;
  readonly groupFilter: unknown;
  readonly metadata: Metadata;
  readonly objectMappings: readonly GraphObjectMapping[];
};

export type GraphAttribute = {
  readonly name: string;
  readonly type: string;
  readonly anchor: boolean;
  readonly required: boolean;
  readonly multivalued: boolean;
  readonly caseExact: boolean;
  readonly mutability: string;
  readonly defaultValue: string | null;
  readonly flowNullValues: boolean;
  readonly apiExpressions: readonly unknown[];
  readonly metadata: Metadata;
  readonly referencedObjects: readonly {
    readonly referencedObjectName: string;
    readonly referencedProperty: string | null;
  }[];
};

export type GraphObjectDefinition = {
  readonly name: string;
  readonly supportedApis: readonly string[];
  readonly metadata: Metadata;
  readonly attributes: readonly GraphAttribute[];
};

export type GraphDirectory = {
  readonly id: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly discoverabilities: string;
  readonly discoveryDateTime: string | null;
  readonly version: string | null;
  readonly objects: readonly GraphObjectDefinition[];
};

export type SynchronizationSchema = {
  /** The job's id; `<template>.` and 32 zeros for a template. */
  readonly id: string;
  readonly version: string | null;
  readonly synchronizationRules: readonly GraphRule[];
  readonly directories: readonly GraphDirectory[];
};
