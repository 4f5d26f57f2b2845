/** What a row sends for a value, by purpose, null rules and the ways to apply (mappings-and-scoping.md 2.3, 2.7; graph-api.md 5). */
import { describe, expect, test } from 'vitest';
import { IgnoreAttributeFlow, IgnoreObjectFlow } from '../../../engine/expression/control.ts';
import { decideFlow, type Flow } from '../../../engine/map/flow-rules.ts';
import type { ApplyMapping, AttributeMapping } from '../../../engine/model/mapping.ts';
import type { JsonValue } from '../../../engine/model/scim-message.ts';

const row = (more: Partial<AttributeMapping> = {}): AttributeMapping => ({
  target: 'title',
  source: { kind: 'direct', attribute: 'jobTitle' },
  apply: 'always',
  when: 'changed',
  ...more,
});
const create = { purpose: 'create', current: undefined, addsOnly: false } as const;
const update = (current?: JsonValue) => ({ purpose: 'update', current, addsOnly: false }) as const;
const sends = (value: JsonValue): Flow => ({ kind: 'value', value });
const NOTHING: Flow = { kind: 'nothing' };

describe('null rules (2.7)', () => {
  const withDefault = row({ defaultValue: 'Staff' });
  const none = row({ source: { kind: 'none' }, defaultValue: 'Staff' });
  test.each([
    ['null without a default, create', row(), null, create, { kind: 'empty' }],
    ['null without a default, update', row(), undefined, update('x'), { kind: 'empty' }],
    ['null with a default, create', withDefault, null, create, sends('Staff')],
    ['null with a default, update', withDefault, null, update(), NOTHING],
    ['an empty list is null', withDefault, [], create, sends('Staff')],
    ['empty text is a value', withDefault, '', create, sends('')],
    ['no source, create', none, undefined, create, sends('Staff')],
    ['no source, empty target', none, undefined, update(), sends('Staff')],
    ['no source, the target has a value', none, undefined, update('Guest'), NOTHING],
    ['IgnoreAttributeFlow', withDefault, IgnoreAttributeFlow, create, NOTHING],
    ['IgnoreObjectFlow, create', row(), IgnoreObjectFlow, create, { kind: 'ignore-object' }],
    ['IgnoreObjectFlow, update', row(), IgnoreObjectFlow, update(), NOTHING],
  ] as const)('%s', (_name, mapping, value, circumstances, flow) => {
    expect(decideFlow(mapping, value, circumstances)).toEqual(flow);
  });
});

describe('apply', () => {
  const flowOf = (apply: ApplyMapping, value: unknown, current?: JsonValue): Flow =>
    decideFlow(row({ apply }), value, {
      purpose: 'update',
      current,
      addsOnly: apply === 'addValues' || apply === 'noRemove',
    });

  test.each([
    ['always', 'b', 'a', sends('b')],
    ['always', ['b'], ['a'], sends(['b'])],
    ['ifEmpty', 'b', undefined, sends('b')],
    ['ifEmpty', 'b', 'a', NOTHING],
    ['ifEmpty', null, 'a', NOTHING],
    ['addValues', ['b', 'a'], ['a', 'c'], sends(['a', 'c', 'b'])],
    ['addValues', ['b'], undefined, sends(['b'])],
    ['addValues', 'b', 'a', NOTHING],
    ['addValues', 'b', ['a'], sends(['a', 'b'])],
    ['addValues', null, ['a'], NOTHING],
    ['noRemove', ['b'], ['a'], sends(['a', 'b'])],
    ['noRemove', 'b', 'a', sends('b')],
    ['noRemove', null, 'a', NOTHING],
  ] as const)('%s: %j over %j', (apply, value, current, flow) => {
    expect(flowOf(apply, value, current as JsonValue)).toEqual(flow);
  });
});
