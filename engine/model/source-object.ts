/** What a directory hands to the engine. Attribute names are Entra's (`objectId`, `userPrincipalName`, `IsSoftDeleted` is computed later). */

export type ObjectType = 'User' | 'Group';

/** Directory object id, Entra's `objectId`. */
export type SourceId = string;

/** How a user or group comes to be assigned to the application of a job. */
export type Assignment = {
  /** Display name of the app role, e.g. "User". "Default Access" when the assignment names none. */
  readonly role: string;
  /** Id of the app role; the nil UUID for Default Access. */
  readonly roleId: string;
  /** `value` of the app role where it is not its name. */
  readonly roleValue?: string;
  /** Default Access of an application that defines no other role. */
  readonly isOnlyRole?: boolean;
  /** The assigning group's display name when the assignment came through a group, else undefined. */
  readonly throughGroup?: string;
};

export type MemberReference = { readonly id: SourceId; readonly type: ObjectType };

export type SourceObject = {
  readonly type: ObjectType;
  readonly id: SourceId;
  /**
   * Every attribute under Entra's source name, `objectId` included. Values are text, boolean, number, or a list of text.
   * `manager` is a source id, `members` is not here but in the field below.
   */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** False when sign-in is blocked. Groups: always true. */
  readonly accountEnabled: boolean;
  /** In the recycle bin: `deletedDateTime` is set. */
  readonly softDeleted: boolean;
  /** Users: source id of the manager. */
  readonly manager?: SourceId;
  /** Groups: direct members, in the order of the directory. */
  readonly members?: readonly MemberReference[];
  /** Assignments to the application of the job, direct and through groups (first level only, cycle.md 4.1, 4.3). */
  readonly assignments: readonly Assignment[];
};

/** One entry of the directory's change feed. */
export type SourceChange =
  /** Present now (perhaps soft-deleted); `known` tells whether an earlier state was handed out. */
  | { readonly kind: 'present'; readonly object: SourceObject; readonly known: boolean; readonly askedBy?: Asker }
  /** Gone for good: purged from the recycle bin, or removed from the directory file. */
  | {
      readonly kind: 'purged';
      readonly type: ObjectType;
      readonly id: SourceId;
      readonly displayName: string;
      readonly askedBy?: Asker;
    };

export function idOf(change: SourceChange): SourceId {
  return change.kind === 'present' ? change.object.id : change.id;
}

/** Who asked for an object that may not have changed at all: its retry, or a person. */
export type Asker = 'retry' | 'person';

export type DirectoryPage = {
  readonly changes: readonly SourceChange[];
  /** Pages done, this one included, and pages in all (cycle.md 11.2). */
  readonly completedPages: number;
  readonly totalPages: number;
};
