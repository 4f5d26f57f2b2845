import type { ObjectType } from './source-object.ts';

/** An attribute as the directory definitions of a mapping file have it (graph-api.md 8.4, mappings-and-scoping.md 7.4). */
export type AttributeDefinition = {
  readonly type: 'string' | 'integer' | 'reference' | 'binary' | 'boolean' | 'datetime';
  readonly multi: boolean;
  /** `ro` is never written, `immutable` with the create alone. */
  readonly access: 'rw' | 'ro' | 'immutable' | 'wo';
  /** Value of a required attribute without one. */
  readonly default?: string;
  /** Longest text, in UTF-16 code units. */
  readonly maximumLength?: number;
};

/** What is known of one attribute of a target: from its application profile, or the directory definitions of a mapping file. */
export type TargetAttribute = {
  /** As mapping rows name it. */
  readonly name: string;
  /** Sent as this JSON type in every dialect; undefined: as the expression gave it. */
  readonly type?: 'string' | 'boolean' | 'integer' | 'reference';
  /** Type in the application's documentation where it differs from what the target takes. */
  readonly documentType?: string;
  /** The application's documentation calls it required; a create without a value is left to the target all the same. */
  readonly documentRequired?: true;
  /** Whether a create without a value is held back; undefined: as RFC 7643 says. */
  readonly required?: boolean;
  /** Whether the target can be asked for it, so that it may match. */
  readonly filterable?: boolean;
  /** False: text is compared without case (ruling R17). */
  readonly caseExact?: boolean;
  /** Undefined: the mapping file does not define it. */
  readonly definition?: AttributeDefinition;
  /** Path in requests, where it is not the name. */
  readonly wire?: string;
};

/** What is known of the target's attributes beyond what the mapping file defines, by source object. */
export type KnownAttributes = Readonly<Partial<Record<ObjectType, readonly TargetAttribute[]>>>;
