/** The vocabulary of a plan: what one cycle will do, as values that can be printed, stored and carried out. */
import type { BelievedMembers, TargetId } from '../model/link.ts';
import type {
  ModifiedProperty,
  ProvisioningAction,
  ProvisioningStatus,
  ProvisioningStep,
} from '../model/provisioning-log.ts';
import type { JsonValue, ResourceType, ScimRequest, ScimResource } from '../model/scim-message.ts';
import type { ObjectType, SourceId } from '../model/source-object.ts';

export type SourceIdentity = {
  readonly id: SourceId;
  readonly type: ObjectType;
  readonly displayName: string;
  readonly userPrincipalName?: string;
};

/** Why an operation does what it does. `code` is Entra's where there is one; `message` is written for an administrator. */
export type Reason = { readonly code: string; readonly message: string };

/** What becomes of the link when the operation succeeds (or at once, when it has no requests). */
export type LinkEffect =
  | { readonly kind: 'none' }
  /** Remember `targetId`; undefined: take the `id` of the answer to the create. */
  | { readonly kind: 'link'; readonly targetId?: TargetId }
  | { readonly kind: 'disabled'; readonly managed: boolean }
  /** Nothing disabled the account, and nothing will ever delete it. */
  | { readonly kind: 'unmanaged' }
  | { readonly kind: 'restored' }
  /** The manager reference now held by the target; undefined: none. */
  | { readonly kind: 'manager'; readonly targetId?: TargetId }
  | { readonly kind: 'unlink' };

/** A reference to write in the later pass, once both ends have a link (cycle.md 2.17). */
export type PendingReference = {
  readonly source: SourceIdentity;
  /** Name of the object mapping that asks for it. */
  readonly mapping: string;
  /** Target path, e.g. `members`, or the enterprise URN and `:manager`. */
  readonly path: string;
  /** As the mapping names it, where that is not the path. */
  readonly name?: string;
  /** How the object was counted when it was evaluated, so that it counts once under its main action. */
  readonly countedAs?: CountedAs;
  /** Fidelity `sane`: it waits since an earlier cycle for somebody who was not linked then. */
  readonly waiting?: boolean;
} & (
  | {
      readonly kind: 'manager';
      /** The wanted manager; undefined: the manager was removed at the source. */
      readonly refersTo?: SourceId;
      /** Target id the target holds now, as read in the first pass. */
      readonly current?: TargetId;
      /** The target takes ids as numbers. */
      readonly numeric?: boolean;
    }
  | {
      readonly kind: 'members';
      readonly refersTo: readonly SourceId[];
      /** The group loses nobody: on demand, or because the row only adds. */
      readonly addOnly?: boolean;
    }
);

/** What one members request changes in the membership the target is believed to hold. */
export type MembershipEffect = { readonly added: readonly TargetId[]; readonly removed: readonly TargetId[] };

/** The count an object falls under (DESIGN 2.2). */
export type CountedAs = 'created' | 'updated' | 'disabled' | 'deleted' | 'skipped' | 'failed';

type PlanAction = 'create' | 'update' | 'disable' | 'delete' | 'none';

export type Operation = {
  /** Name of the object mapping, e.g. "Users". */
  readonly mapping: string;
  readonly source: SourceIdentity;
  readonly resourceType: ResourceType;
  /** The linked or matched resource; undefined before a create. */
  readonly target?: { readonly id: TargetId; readonly resource?: ScimResource };
  readonly action: PlanAction;
  /** `provisioningAction` of the log record; differs from `action` for skips (cycle.md 10c). */
  readonly logAction: ProvisioningAction;
  /** What the log says when every request succeeds. Skips are known now. */
  readonly status: ProvisioningStatus;
  readonly reason: Reason;
  /** In order; a later one is sent only after the earlier ones succeeded. */
  readonly requests: readonly ScimRequest[];
  readonly modifiedProperties: readonly ModifiedProperty[];
  /** Import, scoping, matching and processing steps; apply adds the export step. */
  readonly steps: readonly ProvisioningStep[];
  readonly link: LinkEffect;
  /** Target path → value the target holds once this succeeded; kept on the link. */
  readonly held?: Readonly<Record<string, JsonValue>>;
  /** Writes of members: what each request of `requests` changes, in the same order. */
  readonly memberships?: readonly MembershipEffect[];
  /** New links: the resource was another object's. `members` are those that the resource holds from it, if it is a group. */
  readonly takesOver?: { readonly from: SourceId; readonly unlinks: boolean; readonly members: BelievedMembers };
  /** Fidelity `sane`: the reference is kept, because somebody it names is not linked yet. */
  readonly keptReference?: PendingReference;
  /** Creates: the query that would find the resource, should the answer get lost. */
  readonly findableBy?: { readonly path: string; readonly value: string };
  /** References to write in the later pass if this operation succeeds. */
  readonly references: readonly PendingReference[];
  /** A write of manager or members: its failure counts as a reference failure (cycle.md 6.5). */
  readonly isReference: boolean;
  /** A failure met while planning (two matches, target answered 500 to a read). Nothing is sent. */
  readonly failure?: Failure;
};

/** Why an object failed, for log and escrow. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** Raw answer body, redacted and bounded. */
  readonly response?: string;
  readonly targetCode?: string;
  /** `failure`: the service or target is at fault; `nonServiceFailure`: the admin can fix it (cycle.md 10d). */
  readonly category: 'failure' | 'nonServiceFailure';
};

/** What became of an operation. */
export type Outcome = {
  readonly operation: Operation;
  readonly status: ProvisioningStatus;
  readonly failure?: Failure;
  /** Target id after the operation, when there is one. */
  readonly targetId?: TargetId;
  /** Requests of the operation that were answered with success. */
  readonly completedRequests: number;
  /** HTTP status of the last answer that was a success. */
  readonly answered?: number;
  readonly durationMs: number;
};
