/** Which evidence leads to which cause; the records are as the provisioning log has them. */
import { expect, it } from 'vitest';
import { compileMapping } from '../../../engine/map/compile-mapping.ts';
import type { ProvisioningLogRecord } from '../../../engine/model/provisioning-log.ts';
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import type { Difference, LinkedObject } from '../../../engine/verify/difference.ts';
import { type Cause, explainDifference } from '../../../engine/verify/explain-difference.ts';

const AT = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;

const [mapping] = compileMapping({
  template: 'scim',
  objects: [
    {
      name: 'Users',
      from: 'User',
      to: 'User',
      enabled: true,
      actions: ['create', 'update', 'delete'],
      map: [
        {
          target: 'title',
          source: { kind: 'direct', attribute: 'jobTitle' },
          apply: 'always',
          when: 'changed',
          match: 1,
        },
      ],
    },
  ],
});
if (mapping === undefined) throw new Error('no mapping');

const object: LinkedObject = {
  mapping,
  link: {
    sourceId: 'u1',
    type: 'User',
    targetId: 't1',
    displayName: 'u1@contoso.com',
    managed: true,
    disabled: false,
    linkedAt: AT(0),
  },
};

/** A record that wrote the title, when `oldValue` is given; that read the resource, when `read`. */
function record(
  minute: number,
  parts: { oldValue?: string | null; newValue?: string; read?: boolean; failed?: boolean; status?: string },
): ProvisioningLogRecord {
  const { oldValue, newValue = 'Boss', read = false, failed = false, status = '200' } = parts;
  const step = (name: string, details: Readonly<Record<string, string>>, type: 'export' | 'matching' = 'export') => ({
    name,
    provisioningStepType: type,
    status: 'success' as const,
    description: '',
    details,
  });
  return {
    id: `r-${minute}`,
    activityDateTime: AT(minute),
    cycleId: 'c1',
    provisioningAction: 'update',
    provisioningStatusInfo: { status: failed ? 'failure' : 'success', errorInformation: null },
    provisioningSteps: [
      ...(read ? [step('EntryImport', {}, 'matching')] : []),
      ...(oldValue === undefined ? [] : [step('EntryExportUpdate', { ResponseStatusCode: status })]),
    ],
    modifiedProperties: oldValue === undefined ? [] : [{ displayName: 'title', oldValue, newValue }],
  } as unknown as ProvisioningLogRecord;
}

const differs = (found: string | null): Difference => ({ kind: 'value', path: 'title', believed: 'Boss', found });
const resource = (minute?: number): ScimResource =>
  minute === undefined ? { id: 't1' } : { id: 't1', meta: { lastModified: AT(minute) } };
const wrote = record(10, { oldValue: 'Clerk' });

type Case = readonly [string, Difference, ScimResource | undefined, readonly ProvisioningLogRecord[], Cause, RegExp];

const cases: readonly Case[] = [
  [
    'old value, not changed since',
    differs('Clerk'),
    resource(10),
    [wrote],
    'not-carried-out',
    /nothing was changed there since/,
  ],
  [
    'old value, nobody says when changed',
    differs('Clerk'),
    resource(),
    [wrote],
    'not-carried-out',
    /what it was before/,
  ],
  [
    'no value before and none now',
    differs(null),
    resource(),
    [record(10, { oldValue: null })],
    'not-carried-out',
    /before/,
  ],
  ['old value, changed since', differs('Clerk'), resource(30), [wrote], 'unclear', /somebody changed the resource/],
  [
    'another value, not changed since',
    differs('BOSS'),
    resource(10),
    [wrote],
    'not-carried-out',
    /stored something else/,
  ],
  ['another value, changed since', differs('Chief'), resource(30), [wrote], 'changed-since', /on 2026-01-01T00:30/],
  ['another value, nobody says when changed', differs('Chief'), resource(), [wrote], 'unclear', /meta\.lastModified/],
  [
    'another value, a time that is none',
    differs('Chief'),
    { meta: { lastModified: 'soon' } },
    [wrote],
    'unclear',
    /lastModified/,
  ],
  [
    'seen right by a later cycle',
    differs('Chief'),
    resource(),
    [wrote, record(20, { read: true })],
    'changed-since',
    /00:20/,
  ],
  [
    'a later read that failed',
    differs('Clerk'),
    resource(),
    [wrote, record(20, { read: true, failed: true })],
    'not-carried-out',
    /before/,
  ],
  [
    'read before the write only',
    differs('Clerk'),
    resource(),
    [record(5, { read: true }), wrote],
    'not-carried-out',
    /before/,
  ],
  [
    'no write known, but seen right',
    differs('Chief'),
    resource(),
    [record(5, { read: true })],
    'changed-since',
    /00:05/,
  ],
  [
    'seen right by a later cycle, which wrote something else; nobody says when changed',
    differs('Chief'),
    resource(),
    [wrote, { ...record(20, { read: true, oldValue: 'x' }), modifiedProperties: [] }],
    'unclear',
    /the write after it may have undone it/,
  ],
  ['no write known', differs('Chief'), resource(30), [], 'unclear', /no write of it any more/],
  ['gone', { kind: 'gone' }, undefined, [wrote], 'changed-since', /deleted there, or never kept/],
];

it.each(cases)('%s', (_name, difference, found, records, cause, evidence) => {
  const explanation = explainDifference(object, difference, found, { records, replaces: false });
  expect(explanation.cause).toBe(cause);
  expect(explanation.evidence).toMatch(evidence);
});

it('names the newest write with its answer, failures left out', () => {
  const records = [
    wrote,
    record(12, { oldValue: 'Boss', status: '204' }),
    record(14, { oldValue: 'Boss', failed: true }),
  ];
  const { write } = explainDifference(object, differs('Clerk'), resource(), { records, replaces: false });
  expect(write).toMatchObject({ at: AT(12), answered: 204, properties: [{ oldValue: 'Boss' }] });
});

it('judges nothing while a failed write waits', () => {
  const explanation = explainDifference(object, differs('Clerk'), resource(10), {
    records: [wrote],
    pending: 'Timeout',
    replaces: false,
  });
  expect(explanation).toMatchObject({ cause: 'unclear', evidence: expect.stringContaining('Timeout') });
});

it.each<[Difference, Cause]>([
  [differs('Clerk'), 'shared'],
  [{ kind: 'gone' }, 'changed-since'],
  [{ kind: 'value', path: 'active', believed: false, found: 'False' }, 'not-carried-out'],
])('another object with the same account explains its values alone: %j', (difference, cause) => {
  const history = { records: [wrote], sharedWith: 'Bo (u2)', replaces: false };
  expect(explainDifference(object, difference, resource(), history).cause).toBe(cause);
});

it('suspects a later write where the client replaces whole resources', () => {
  const later = {
    ...record(12, { oldValue: 'x' }),
    modifiedProperties: [{ displayName: 'nickName', oldValue: null, newValue: 'x' }],
  };
  const history = { records: [wrote, later], replaces: true };
  const explanation = explainDifference(object, differs('Clerk'), resource(12), history);
  expect(explanation).toMatchObject({
    cause: 'unclear',
    evidence: expect.stringContaining('00:12'),
    write: { at: AT(10) },
  });
  const alone = explainDifference(object, differs('Clerk'), resource(10), { records: [wrote], replaces: true });
  expect(alone.cause).toBe('not-carried-out');
});

it('tells members who were added there from a removal that did not happen', () => {
  const extra: Difference = { kind: 'members', path: 'members', change: 'extra', ids: ['t2'], believed: 1, found: 2 };
  const removal = {
    ...record(10, { oldValue: 't2' }),
    modifiedProperties: [{ displayName: 'members', oldValue: 't2', newValue: null }],
  };
  expect(explainDifference(object, extra, resource(10), { records: [], replaces: false }).cause).toBe('changed-since');
  expect(explainDifference(object, extra, resource(10), { records: [removal], replaces: false }).cause).toBe(
    'not-carried-out',
  );
});

it('suspects the removal where nobody is left, whoever was added with it', () => {
  const none: Difference = { kind: 'members', path: 'members', change: 'missing', ids: ['t2'], believed: 1, found: 0 };
  const removal = {
    ...record(10, { oldValue: 't1' }),
    modifiedProperties: [
      { displayName: 'members', oldValue: null, newValue: 't2' },
      { displayName: 'members', oldValue: 't1', newValue: null },
    ],
  };
  const explain = (found: ScimResource) =>
    explainDifference(object, none, found, { records: [removal], replaces: false });
  expect(explain(resource())).toMatchObject({ cause: 'not-carried-out', undoneBy: { at: AT(10) } });
  expect(explain(resource(30))).toMatchObject({ cause: 'unclear', undoneBy: { at: AT(10) } });
});

it('does not say which write of members brought back who was removed', () => {
  const extra: Difference = { kind: 'members', path: 'members', change: 'extra', ids: ['t2'], believed: 1, found: 2 };
  const members = (minute: number, oldValue: string | null, newValue: string | null) => ({
    ...record(minute, { oldValue }),
    modifiedProperties: [{ displayName: 'members', oldValue, newValue }],
  });
  const records = [members(10, 't2', null), members(20, null, 't3')];
  const explanation = explainDifference(object, extra, resource(20), { records, replaces: false });
  expect(explanation).toMatchObject({ cause: 'unclear', evidence: expect.stringContaining('00:20') });
  expect(explanation.undoneBy).toBeUndefined();
});
