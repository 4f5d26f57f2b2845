/** Attributes as a directory writes them → the source object mappings read. */
import type { Assignment, MemberReference, ObjectType, SourceId, SourceObject } from '../model/source-object.ts';
import { sourceAttributes } from './aliases.ts';

export type RawAttributes = {
  readonly type: ObjectType;
  readonly id: SourceId;
  /** Under Graph's names or the provisioning service's. */
  readonly attributes: Readonly<Record<string, unknown>>;
};

export type Relations = {
  readonly assignments: readonly Assignment[];
  readonly manager: SourceId | undefined;
  readonly members: readonly MemberReference[] | undefined;
};

/** The object, with the service's names for its attributes and its references as given. */
export function sourceObject({ type, id, attributes: raw }: RawAttributes, relations: Relations): SourceObject {
  const { assignments, manager, members } = relations;
  const { manager: _written, ...attributes } = raw;
  return {
    type,
    id,
    attributes: { ...sourceAttributes(attributes), ...(manager === undefined ? {} : { manager }) },
    accountEnabled: raw.accountEnabled !== false,
    softDeleted: typeof raw.deletedDateTime === 'string' && raw.deletedDateTime !== '',
    assignments,
    ...(manager === undefined ? {} : { manager }),
    ...(members === undefined ? {} : { members }),
  };
}
