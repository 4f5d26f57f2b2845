/** When the next cycle starts (cycle.md 1.6, 1.12, 6.10, D-01, D-02, D-17). */
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../engine/model/instant.ts';
import type { JobRecord } from '../../../engine/model/job-state.ts';
import { nextStart } from '../../../engine/schedule/due.ts';

const INTERVAL = 40 * MINUTE;
const at = (time: string) => `2026-01-01T${time}.000Z`;

const counts = { created: 0, updated: 0, disabled: 0, deleted: 0, skipped: 0, failed: 0, warnings: 0 };
const cycle = (startedAt: string, endedAt?: string) => ({
  cycleId: 'c',
  kind: 'incremental' as const,
  startedAt,
  counts,
  references: { managers: 0, members: 0 },
  ...(endedAt === undefined ? {} : { endedAt }),
});

const job = (more: Partial<JobRecord>): JobRecord => ({
  jobId: 'j',
  name: 'app',
  status: 'Active',
  scheduleState: 'Active',
  successiveFailures: 0,
  ...more,
});

describe('nextStart', () => {
  test.each<[string, JobRecord | undefined, string, string | undefined]>([
    ['a job that never ran starts now', undefined, '10:00:00', '10:00:00'],
    ['a created job without a cycle too', job({}), '10:00:00', '10:00:00'],
    [
      'start to start, not end to start',
      job({ lastCycle: cycle(at('10:00:00'), at('10:05:00')) }),
      '10:10:00',
      '10:40:00',
    ],
    [
      'a cycle that outlasts the interval is followed at once',
      job({ lastCycle: cycle(at('10:00:00'), at('11:30:00')) }),
      '11:30:00',
      '11:30:00',
    ],
    [
      'missed ticks coalesce into one overdue start',
      job({ lastCycle: cycle(at('01:00:00'), at('01:01:00')) }),
      '20:00:00',
      '01:40:00',
    ],
    ['a killed cycle is replayed at once', job({ lastCycle: cycle(at('10:00:00')) }), '10:01:00', '10:01:00'],
    [
      'a clock set back makes it due',
      job({ lastCycle: cycle(at('20:00:00'), at('20:01:00')) }),
      '10:00:00',
      '10:00:00',
    ],
    [
      'a restart makes it due',
      job({ lastCycle: cycle(at('10:00:00'), at('10:01:00')), requestedAt: at('10:07:00') }),
      '10:08:00',
      '10:07:00',
    ],
    [
      'a restart that was followed does not',
      job({ lastCycle: cycle(at('10:08:00'), at('10:09:00')), requestedAt: at('10:07:00') }),
      '10:10:00',
      '10:48:00',
    ],
    ['paused: never', job({ scheduleState: 'Paused', status: 'Paused' }), '10:00:00', undefined],
    ['disabled after four weeks: never', job({ scheduleState: 'Disabled' }), '10:00:00', undefined],
    [
      'in quarantine the ladder counts',
      job({
        status: 'Quarantine',
        lastCycle: cycle(at('10:00:00'), at('10:01:00')),
        quarantine: {
          reason: 'EncounteredQuarantineException',
          seriesBegan: at('10:00:00'),
          currentBegan: at('10:00:00'),
          nextAttempt: at('16:00:00'),
          seriesCount: 0,
          error: { code: 'Unauthorized', message: '', tenantActionable: true },
        },
      }),
      '11:00:00',
      '16:00:00',
    ],
  ])('%s', (_name, record, now, expected) => {
    expect(nextStart(record, INTERVAL, at(now))).toBe(expected === undefined ? undefined : at(expected));
  });
});
