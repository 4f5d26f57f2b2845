/** What a chaos run does, one step after the other. */
import fc from 'fast-check';
import { RESET_FLAGS, type ResetFlag } from '../../../engine/record/job-lifecycle.ts';
import type { Fault } from '../../../fixtures/targets/faults.ts';
import { type DirectoryEvent, directoryTopics, USERS, type User } from './directory-model.ts';
import { changedSettings, type Settings } from './settings.ts';

export type Step =
  | DirectoryEvent
  /** `undo`: everybody is assigned, enabled and out of the recycle bin again. */
  | { readonly do: 'cycle' | 'pause' | 'start' | 'undo' }
  | { readonly do: 'set'; readonly what: Partial<Settings> }
  | { readonly do: 'reset'; readonly flags: readonly ResetFlag[] }
  | { readonly do: 'provision'; readonly user: User; readonly withGroup: boolean }
  | { readonly do: 'fault'; readonly method: string; readonly times: number; readonly fault: Fault };

const CYCLE: Step = { do: 'cycle' };

const fault = fc.constantFrom<Fault>(
  { kind: 'status', status: 400 },
  { kind: 'status', status: 500 },
  { kind: 'drop' },
  { kind: 'broken-json' },
  { kind: 'commit-then-fail', status: 500 },
);

function administration(user: fc.Arbitrary<User>): readonly fc.Arbitrary<Step>[] {
  return [
    fc.constantFrom<Step>({ do: 'pause' }, { do: 'start' }),
    fc.subarray([...RESET_FLAGS], { maxLength: 2 }).map((flags): Step => ({ do: 'reset', flags })),
    fc.constantFrom<Step>({ do: 'undo' }, { do: 'reset', flags: ['ForceDeletes'] }, { do: 'start' }),
    fc.record({ do: fc.constant('provision'), user, withGroup: fc.boolean() }),
    fc.record({
      do: fc.constant('fault'),
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE'),
      times: fc.integer({ min: 1, max: 3 }),
      fault,
    }),
  ];
}

/** A sequence is about a few people and a few things: among everything at once, what belongs together would hardly meet. */
export const sequence: fc.Arbitrary<readonly Step[]> = fc
  .record({
    users: fc.subarray([...USERS], { minLength: 1, maxLength: 3 }),
    settings: fc.subarray([...changedSettings], { minLength: 1, maxLength: 3 }),
  })
  .chain(({ users, settings }) => {
    const user = fc.constantFrom(...users);
    return fc
      .record({
        directory: fc.subarray([...directoryTopics(user)], { minLength: 1, maxLength: 2 }),
        asked: fc.subarray([...administration(user)], { maxLength: 2 }),
      })
      .chain(({ directory, asked }) => {
        const one = fc.oneof(
          { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'cycle' }, { do: 'reset', flags: [] }) },
          { weight: 4, arbitrary: fc.oneof(...directory) },
          { weight: 4, arbitrary: fc.oneof(...settings).map((what): Step => ({ do: 'set', what })) },
          ...asked.map((arbitrary) => ({ weight: 1, arbitrary })),
        );
        const seen = fc.tuple(one, fc.boolean()).map(([step, cycles]): Step[] => (cycles ? [step, CYCLE] : [step]));
        return fc.array(seen, { minLength: 1, maxLength: 12 }).map((steps) => steps.flat());
      });
  });
