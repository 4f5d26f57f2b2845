/** A job as the engine runs it: compiled rules and the names its log records carry. */
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import type { PlanRules } from '../plan/plan-rules.ts';
import type { LogIdentity } from '../record/log-entry.ts';
import type { QuarantineThresholds } from '../record/quarantine.ts';

export type DeletionGuard = {
  readonly enabled: boolean;
  readonly threshold: number;
  /** Trips above the threshold, or already when it is reached (ruling R10). */
  readonly trigger: 'gt' | 'gte';
  /** Ours, stricter: trips when more than this percentage of the linked users, or of the linked groups, would go. */
  readonly percent?: number;
  /** A person let so many through, for this cycle. */
  readonly allowed?: true;
};

export type Job = {
  readonly jobId: string;
  readonly name: string;
  /** Enabled object mappings, users before groups. */
  readonly mappings: readonly CompiledObjectMapping[];
  readonly rules: PlanRules;
  /** Content hash of mappings and filters: another one makes the next cycle initial (cycle.md 1.18). */
  readonly rulesHash: string;
  readonly guard: DeletionGuard;
  readonly thresholds: QuarantineThresholds;
  /** What an initial cycle does whose errors reach a threshold (D-15). */
  readonly onThreshold: 'quarantine' | 'prune-and-pause';
  /** Hash of the settings besides mapping and filters, secrets included. */
  readonly settingsHash: string;
  /** SCIM base of the target, without query; empty while the job is not configured. */
  readonly targetAddress: string;
  /** Objects per page (D-30). */
  readonly pageSize: number;
  readonly log: Omit<LogIdentity, 'cycleId'>;
};
