/** What a cycle commits to the store: one list per object outcome, applied in one transaction. */
import type { AuditRecord } from '../model/audit.ts';
import type { CycleRecord, Escrow, JobRecord } from '../model/job-state.ts';
import type { Link, TargetId } from '../model/link.ts';
import type { ManagedJob } from '../model/managed-job.ts';
import type { ProvisioningLogRecord } from '../model/provisioning-log.ts';
import type { SourceId } from '../model/source-object.ts';
import type { Operation, PendingReference } from '../plan/plan.ts';

export type StateChange =
  /** Inserts or replaces. */
  | { readonly kind: 'job'; readonly job: JobRecord }
  | { readonly kind: 'cycle'; readonly cycle: CycleRecord }
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'unlink'; readonly sourceId: SourceId }
  /** Membership the group is believed to hold: first `removed`, then `added`; `uncertain` are those whose write got no answer. */
  | {
      readonly kind: 'members';
      readonly groupId: SourceId;
      readonly added: readonly TargetId[];
      readonly removed: readonly TargetId[];
      readonly uncertain?: readonly TargetId[];
    }
  | { readonly kind: 'escrow'; readonly escrow: Escrow }
  | { readonly kind: 'escrow-cleared'; readonly sourceId: SourceId }
  /** One pending reference per source object and kind; a newer one replaces it. */
  | { readonly kind: 'reference'; readonly reference: PendingReference }
  | {
      readonly kind: 'reference-settled';
      readonly sourceId: SourceId;
      readonly referenceKind: PendingReference['kind'];
    }
  /** One staged deprovision per source object. */
  | { readonly kind: 'stage'; readonly operation: Operation }
  | { readonly kind: 'unstage'; readonly sourceId: SourceId }
  | { readonly kind: 'log'; readonly record: ProvisioningLogRecord }
  | { readonly kind: 'audit'; readonly record: AuditRecord }
  /** What the management API decided about the job; inserts or replaces. */
  | { readonly kind: 'managed'; readonly job: ManagedJob }
  /** The API has no say in the job any more. */
  | { readonly kind: 'unmanaged' }
  /** Takes the right to run the job from whoever has it: a cycle that runs can commit nothing more. */
  | { readonly kind: 'lease-broken' }
  /** Forgets state as a restart does (cycle.md table 1b); `job` is the job's record and cycles. */
  | { readonly kind: 'forget'; readonly what: 'links' | 'escrows' | 'references' | 'staged' | 'job' };
