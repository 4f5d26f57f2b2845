/** Everything outside the engine, as types only. Directories, targets and stores have a contract suite each in `test/contract/`. */

import type { AuditRecord } from './model/audit.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import type { Instant } from './model/instant.ts';
import type { CycleRecord, Escrow, JobRecord } from './model/job-state.ts';
import type { Lease } from './model/lease.ts';
import type { BelievedMembers, Link, LinkEnd, TargetId } from './model/link.ts';
import type { ManagedJob, Secret } from './model/managed-job.ts';
import type { ProvisioningLogRecord } from './model/provisioning-log.ts';
import type { Rows } from './model/rows.ts';
import type { ResourceType, ScimRequest, ScimResource, ScimResponse } from './model/scim-message.ts';
import type { DirectoryPage, ObjectType, SourceId, SourceObject } from './model/source-object.ts';
import type { Operation, PendingReference } from './plan/plan.ts';
import type { News } from './record/notification.ts';
import type { StateChange } from './record/state-change.ts';

/** Opaque position in a directory's change feed. */
export type Watermark = string;

/** The source system, seen by one job: assignments are those of the job's application. */
export interface Directory {
  /**
   * Takes notice of what changed since it last looked, and returns the position reached.
   * @throws EngineError `job` when the directory cannot be read, or is empty where it was not before; nothing is forgotten then.
   */
  refresh(signal: AbortSignal): Promise<Watermark>;
  /** Whether a refresh would find something new; false when the source cannot be read. */
  isChanged(): Promise<boolean>;
  /** False while somebody may be writing to the source: half of it would look as if the rest had been deleted. */
  isSettled(): Promise<boolean>;
  /**
   * Objects changed after `since` up to `until` (all of them without `since`): users first, then groups, by source id. The uncertain
   * are left out, and handed out once they are certain.
   */
  changes(range: {
    readonly since?: Watermark;
    readonly until: Watermark;
    readonly pageSize: number;
  }): AsyncIterable<DirectoryPage>;
  /** These were written outside of a cycle: the next one has to look at them, whatever changes at the source until then. */
  touched(objects: readonly SourceObject[]): Promise<void>;
  /** The present state of these objects; purged and unknown ones are left out. */
  objects(ids: readonly SourceId[]): Promise<ReadonlyMap<SourceId, SourceObject>>;
  /** Objects with this id, userPrincipalName, mail or display name. */
  find(reference: string): Promise<readonly SourceObject[]>;
  /** The known name nearest to one that nobody answers to, for "did you mean"; a source that cannot list its names leaves it out. */
  nearest?(reference: string): Promise<string | undefined>;
  /** How many users and groups there are. */
  count(): Promise<Readonly<Record<ObjectType, number>>>;
  /**
   * Which of these keep their last known state, because nobody can say what they are like now: they have errors, or are missing
   * where an object could not be identified.
   */
  uncertain(ids: readonly SourceId[]): Promise<ReadonlySet<SourceId>>;
  /** What is wrong with single objects of the source, as it is or was when it was last read. */
  problems(): Promise<readonly Diagnostic[]>;
}

/** The half of the target that planning may use. It only reads. */
export interface TargetReader {
  /**
   * The resources a matching query finds: `path eq value`, groups without members (scim-wire.md 4.1).
   * @throws EngineError `object` or `job` (cycle.md 10e)
   */
  find(type: ResourceType, path: string, value: string, signal: AbortSignal): Promise<readonly ScimResource[]>;
  /** The resource, or undefined when the target answers 404. Groups come without members, unless they are asked for. */
  get(
    type: ResourceType,
    id: TargetId,
    signal: AbortSignal,
    options?: { readonly members?: boolean },
  ): Promise<ScimResource | undefined>;
  /** Whether the resource holds this reference; asks as Entra did before it wrote one (scim-wire.md 4.4). */
  holds(
    type: ResourceType,
    id: TargetId,
    reference: { readonly path: string; readonly value: string },
    signal: AbortSignal,
  ): Promise<boolean>;
  /**
   * Test Connection: asks for a user (group) that cannot exist.
   * @throws EngineError `job` with the verdict of scim-wire.md 2
   */
  probe(type: ResourceType, path: string, value: string, signal: AbortSignal): Promise<void>;
}

/** Reading all that a target holds and says of itself; planning never does. */
export interface TargetLister {
  /** The schemas of `/Schemas`. */
  schemas(signal: AbortSignal): Promise<readonly ScimResource[]>;
  /** One page of all resources, `startIndex` from 1, as Okta imports them (scim-wire.md 11.2). */
  page(
    type: ResourceType,
    startIndex: number,
    signal: AbortSignal,
  ): Promise<{ readonly resources: readonly ScimResource[]; readonly totalResults: number }>;
}

/** The half of the target that only apply may use. It sends what the plan says. */
export interface TargetWriter {
  /** The answer, whatever its status. @throws EngineError when there is no answer (`transient`, `job`). */
  send(request: ScimRequest, signal: AbortSignal): Promise<ScimResponse>;
}

/** A target with all of its parts, with a life time. */
export interface Target extends TargetReader, TargetLister, TargetWriter {
  /** Requests sent so far, retries included. */
  requestCount(): number;
  /** Where a request goes. */
  urlOf(request: ScimRequest): string;
  close(): Promise<void>;
}

export type LogQuery = {
  readonly jobId?: string;
  readonly cycleId?: string;
  /** Source id, target id, userPrincipalName or display name. */
  readonly object?: string;
  readonly status?: string;
  readonly action?: string;
  /** Only records after this position, for following. */
  readonly after?: number;
  /** Only records before this position, for paging backwards. */
  readonly before?: number;
  /** Activity at or after this instant. */
  readonly since?: Instant;
  /** Activity at or before this instant. */
  readonly until?: Instant;
  /** The newest so many, or with `from: 'oldest'` the oldest; default all. */
  readonly limit?: number;
  readonly from?: 'newest' | 'oldest';
};

export type StoredLogRecord = { readonly position: number; readonly record: ProvisioningLogRecord };

export type LeaseRequest = {
  readonly jobId: string;
  readonly holder: string;
  readonly now: Instant;
  readonly ttlMs: number;
  /** Whether that holder certainly does not live any more, so that its lease need not run out first. */
  readonly isGone: (holder: string) => boolean;
};

/** What becomes of a job's record and what belongs to it, and what the one who decided wants to know afterwards. */
type JobDecision<T> = { readonly changes: readonly StateChange[]; readonly result: T };

/** What jobs remember between cycles, as rows. Job-scoped methods take the job's id first. */
export interface Store extends FeedStore {
  /**
   * All or nothing. Changes are applied in order.
   * @param fence token of the lease under which the writer works
   * @throws EngineError `job`: `LeaseLost` when another holder has replaced it, `state-unwritable` when the disk refuses
   */
  commit(jobId: string, changes: readonly StateChange[], fence?: number): Promise<void>;
  /**
   * Commits what `decide` makes of the job's record, and asks it again when somebody else changed the record in between.
   * @throws EngineError as `commit`
   */
  changeJob<T>(jobId: string, decide: (present: JobRecord | undefined) => JobDecision<T>, fence?: number): Promise<T>;

  /** The right to run the job, unless another holder has it and is alive. */
  acquireLease(request: LeaseRequest): Promise<Lease | { readonly heldBy: string }>;
  /** False when the lease is lost. */
  extendLease(lease: Lease, expiresAt: Instant): Promise<boolean>;

  job(jobId: string): Promise<JobRecord | undefined>;
  /** Every job ever run on this store. */
  jobs(): Promise<readonly JobRecord[]>;
  cycles(jobId: string, limit: number): Promise<readonly CycleRecord[]>;

  linksOf(jobId: string, sourceIds: readonly SourceId[]): Promise<ReadonlyMap<SourceId, Link>>;
  /** The ends of these links alone: a group may have tens of thousands of members. */
  linkEndsOf(jobId: string, sourceIds: readonly SourceId[]): Promise<ReadonlyMap<SourceId, LinkEnd>>;
  /** Links to these target resources. */
  linksTo(jobId: string, targetIds: readonly TargetId[]): Promise<readonly Link[]>;
  links(jobId: string, after: string | undefined, limit: number): Promise<Rows<Link>>;
  countLinks(jobId: string): Promise<Readonly<Record<ObjectType, number>>>;
  /** Links whose object has no escrow. */
  countHealthyLinks(jobId: string): Promise<number>;
  /** What is believed of the group's membership in the target. */
  membersOf(jobId: string, groupId: SourceId): Promise<BelievedMembers>;

  /** Ids with an escrow due at `now`, by source id. */
  dueEscrows(jobId: string, now: Instant, after: string | undefined, limit: number): Promise<Rows<Escrow>>;
  escrowsOf(jobId: string, sourceIds: readonly SourceId[]): Promise<ReadonlyMap<SourceId, Escrow>>;
  countEscrows(jobId: string): Promise<{ readonly objects: number; readonly references: number }>;

  /** References waiting for the later pass: managers by source id, then members by source id. */
  pendingReferences(
    jobId: string,
    kind: PendingReference['kind'],
    after: string | undefined,
    limit: number,
  ): Promise<Rows<PendingReference>>;
  pendingReference(
    jobId: string,
    kind: PendingReference['kind'],
    sourceId: SourceId,
  ): Promise<PendingReference | undefined>;
  /** Groups believed to hold this target id. */
  groupsHolding(jobId: string, member: TargetId): Promise<readonly SourceId[]>;
  /** Deprovisions waiting for the end of the cycle, by source id. */
  stagedDeprovisions(jobId: string, after: string | undefined, limit: number): Promise<Rows<Operation>>;
  countStagedDeprovisions(jobId: string): Promise<Readonly<Record<ObjectType, number>>>;

  logs(query: LogQuery): Promise<readonly StoredLogRecord[]>;
  /** The newest `limit` audit records, oldest first. */
  audits(jobId: string, limit: number): Promise<readonly AuditRecord[]>;
  /** Forgets log records and cycles older than `before`; returns how many log records. */
  prune(before: Instant): Promise<number>;

  /** What the management API decided about jobs, in the order of its first decisions. */
  managedJobs(): Promise<readonly ManagedJob[]>;

  /** An independent copy in memory, log records left out: preview runs on it. */
  copy(): Promise<Store>;
  close(): Promise<void>;
}

/** What a directory remembers of one object it has handed out. */
export type FeedEntry = {
  readonly id: SourceId;
  readonly type: ObjectType;
  readonly displayName: string;
  /** Content hash of everything a job can see of the object. */
  readonly hash: string;
  /** Number of the change that brought it to this state; rises through the life of the feed. */
  readonly sequence: number;
  /** Sequence of the first time it was seen. */
  readonly firstSequence: number;
  readonly purged: boolean;
};

export type FeedState = {
  /** Highest sequence given out. */
  readonly sequence: number;
  /** Hash of the whole source the last time it was read; the same hash means nothing changed. */
  readonly fingerprint: string;
  readonly objects: number;
  /** What was wrong with it then. */
  readonly problems: readonly Diagnostic[];
  /** Rises with every commit, whoever makes it; 0 before the first. */
  readonly revision: number;
};

/** The memory behind a directory's change feed, kept in the store. `feed` names directory and application. */
export interface FeedStore {
  feedState(feed: string): Promise<FeedState | undefined>;
  /** The greatest sequence of any feed in the store, which no watermark is beyond; 0 without feeds. */
  latestFeedSequence(): Promise<number>;
  /** Known entries of these ids, purged ones included. */
  feedEntries(feed: string, ids: readonly SourceId[]): Promise<ReadonlyMap<SourceId, FeedEntry>>;
  /** Entries not purged, by id, for finding what disappeared. */
  feedPresent(feed: string, after: string | undefined, limit: number): Promise<Rows<FeedEntry>>;
  /** How many entries of one type are not purged. */
  countFeedPresent(feed: string, type: ObjectType): Promise<number>;
  /** Entries of one type with `since` < sequence <= `until`, by id. */
  feedChanges(
    feed: string,
    range: { readonly type: ObjectType; readonly since: number; readonly until: number },
    after: string | undefined,
    limit: number,
  ): Promise<Rows<FeedEntry>>;
  /** How many entries `feedChanges` would return. */
  countFeedChanges(
    feed: string,
    range: { readonly type: ObjectType; readonly since: number; readonly until: number },
  ): Promise<number>;
  /**
   * Inserts or replaces the entries and the state, all or nothing. The revision in `state` is the one it was read with.
   * @returns the revision now; undefined when another job or process has committed since: then nothing was done
   */
  commitFeed(feed: string, state: FeedState, entries: readonly FeedEntry[]): Promise<number | undefined>;
}

/** Credentials that came through the management API, by service principal. Never in the state file (docs/adr/0007). */
export interface SecretStore {
  /** As they were put; empty when there are none. @throws EngineError `configuration`, `secrets-exposed`, `secrets-unreadable` */
  get(servicePrincipalId: string): Promise<readonly Secret[]>;
  /** Replaces the whole set; an empty one forgets. @throws EngineError `job`, `secrets-unwritable` */
  put(servicePrincipalId: string, secrets: readonly Secret[]): Promise<void>;
  /** Another text after every change, by whichever process. */
  fingerprint(): Promise<string>;
}

export interface Clock {
  now(): Instant;
  /** Resolves after `milliseconds`, rejects when aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Tells people. */
export interface Notifier {
  /** Resolves when every addressee was told. @throws EngineError `job`, `notification-failed`, with what to check */
  notify(news: News): Promise<void>;
}

export interface Ids {
  /** A new random UUID. */
  next(): string;
}
