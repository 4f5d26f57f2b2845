/** The remembered pair of source object and target resource (cycle.md 0: Connection). */
import type { Instant } from './instant.ts';
import type { JsonValue } from './scim-message.ts';
import type { ObjectType, SourceId } from './source-object.ts';

/** SCIM `id` of the target resource. */
export type TargetId = string;

/** Members are never read back (scim-wire.md 8.3): what the group's own writes came to. */
export type BelievedMembers = {
  readonly held: ReadonlySet<TargetId>;
  /** Their last write got no usable answer: they may be in the group or not. */
  readonly uncertain: ReadonlySet<TargetId>;
};

export type Link = {
  readonly sourceId: SourceId;
  readonly type: ObjectType;
  readonly targetId: TargetId;
  readonly displayName: string;
  /** False after an unassignment disable: no later DELETE (cycle.md 3.22). */
  readonly managed: boolean;
  /** True once a disable was exported; nothing more is sent until the object is back (cycle.md 3.44). */
  readonly disabled: boolean;
  /** Target id of the manager last written; lets a removal at the source be told from a manager the target got elsewhere. */
  readonly manager?: TargetId;
  /**
   * Target path → value as last written or found equal: what the engine believes the target holds. Null: it was cleared.
   * Preview without a target and the convergence check read it.
   */
  readonly held?: Readonly<Record<string, JsonValue>>;
  readonly linkedAt: Instant;
};

/** Where a link leads, and what the object is called. */
export type LinkEnd = Pick<Link, 'targetId' | 'displayName'>;

/** What the target calls it, as its mapping has it; undefined when no row writes the name. */
export function nameInTarget({ held }: Link): string | undefined {
  const name = held?.displayName;
  return typeof name === 'string' ? name : undefined;
}
