/** A log record is kept in fewer characters, and comes back as it was. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProvisioningLogRecord } from '../../engine/model/provisioning-log.ts';
import { compactRecord, expandRecord, frameOf } from '../../engine/store/compact-log.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
/** Names that are known, that are not, and that look like something else. */
const name = fc.oneof(
  fc.constantFrom('userName', 'objectId', 'User', 'EntryImportAdd', '7', '', '__proto__', 'constructor'),
  text,
);
const details = fc
  .array(fc.tuple(name, text), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as Record<string, string>);
const identity = fc.record({ id: text, displayName: text, identityType: name, details });
const system = fc.record({ id: text, displayName: text, details });
const maybe = fc.option(text);
const record: fc.Arbitrary<ProvisioningLogRecord> = fc.record({
  id: text,
  activityDateTime: text,
  tenantId: text,
  jobId: text,
  cycleId: text,
  changeId: text,
  provisioningAction: fc.constantFrom('create', 'other'),
  durationInMilliseconds: fc.nat(),
  initiatedBy: fc.record({ id: text, displayName: text, initiatorType: fc.constant('system') }),
  servicePrincipal: fc.record({ id: text, displayName: text }),
  sourceSystem: system,
  targetSystem: system,
  sourceIdentity: identity,
  targetIdentity: identity,
  provisioningStatusInfo: fc.record({
    status: fc.constantFrom('success', 'failure'),
    errorInformation: fc.option(
      fc.record({
        errorCode: text,
        reason: text,
        errorCategory: fc.constantFrom('failure', 'nonServiceFailure'),
        recommendedAction: maybe,
        additionalDetails: maybe,
      }),
    ),
  }),
  provisioningSteps: fc.array(
    fc.record({
      name,
      provisioningStepType: fc.constantFrom('import', 'export'),
      status: fc.constantFrom('success', 'skipped'),
      description: text,
      details,
    }),
    { maxLength: 3 },
  ),
  modifiedProperties: fc.array(fc.record({ displayName: name, oldValue: maybe, newValue: maybe }), { maxLength: 3 }),
});

test('any record comes back as it was', () => {
  fc.assert(
    fc.property(record, (one) => {
      const columns = {
        activity: one.activityDateTime,
        source_id: one.sourceIdentity.id,
        target_id: one.targetIdentity.id,
        status: one.provisioningStatusInfo.status,
        action: one.provisioningAction,
      };
      expect(expandRecord(compactRecord(one), columns, frameOf(one))).toEqual(one);
    }),
  );
});
