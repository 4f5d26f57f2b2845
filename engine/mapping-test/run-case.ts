/** One case of a mapping test: scope and map the object, compare with what is expected. */
import type { EvaluationContext } from '../expression/function-definition.ts';
import { reproducibleBytes } from '../expression/reproducible-bytes.ts';
import type { CompiledObjectMapping } from '../map/compile-mapping.ts';
import { explainRows } from '../map/explain-rows.ts';
import type { JsonValue } from '../model/scim-message.ts';
import { type Subject, toSubject } from '../plan/subject.ts';
import { pathKey } from '../scim/attribute-path.ts';
import { sameValue } from '../scim/compare-values.ts';
import type { MappingCase, MappingTest } from './mapping-test.ts';

/** What flows to one target attribute: a value, nothing (null), or an error of its expression. */
export type Flowed =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string };

export type Difference =
  | { readonly about: 'scope'; readonly expected: boolean; readonly actual: boolean; readonly reason: string }
  | { readonly about: 'reason'; readonly expected: string; readonly actual: string }
  | { readonly about: 'attribute'; readonly target: string; readonly expected: Flowed; readonly actual: Flowed };

export type CaseResult = {
  readonly case: MappingCase;
  readonly passed: boolean;
  readonly inScope: boolean;
  readonly reason: string;
  readonly differences: readonly Difference[];
};

const NOTHING: Flowed = { kind: 'value', value: null };

/** The case's object as the job would see it, ready to be mapped. */
export function subjectOf(one: MappingCase, mapping: CompiledObjectMapping, test: MappingTest): Subject {
  const context: EvaluationContext = {
    now: test.now,
    options: test.expressions,
    ...(test.defaultDomain === undefined ? {} : { defaultDomain: test.defaultDomain }),
    existing: one.taken,
    random: reproducibleBytes(`${one.name}\n${test.now}`),
  };
  const rules = { scopeMode: test.scopeMode, defaultAccess: test.defaultAccess };
  return toSubject({ mapping, object: one.object, known: false, link: undefined, escrow: undefined, rules, context });
}

export function runCase(one: MappingCase, mapping: CompiledObjectMapping, test: MappingTest): CaseResult {
  const subject = subjectOf(one, mapping, test);
  const { inScope } = subject.scope;
  const reason = subject.scope.reasons.join('; ') || subject.scope.reason.message;
  const differences = [...scopeDifferences(one, inScope, reason), ...attributeDifferences(one, subject)];
  return { case: one, passed: differences.length === 0, inScope, reason, differences };
}

function scopeDifferences({ inScope: expected, because }: MappingCase, actual: boolean, reason: string) {
  if (expected !== actual) return [{ about: 'scope', expected, actual, reason } as const];
  if (because === undefined || reason.includes(because)) return [];
  return [{ about: 'reason', expected: because, actual: reason } as const];
}

function attributeDifferences(one: MappingCase, subject: Subject): readonly Difference[] {
  const flows = flowsOf(one, subject);
  const named = new Set([...Object.keys(one.expect), ...Object.keys(one.fails)].map(pathKey));
  const others = one.only ? [...flows.keys()].filter((target) => !named.has(pathKey(target))) : [];
  const byKey = new Map([...flows].map(([target, flow]) => [pathKey(target), flow]));
  const expected: readonly (readonly [string, Flowed])[] = [
    ...Object.entries(one.expect).map(([target, value]) => [target, { kind: 'value', value }] as const),
    ...Object.entries(one.fails).map(([target, code]) => [target, { kind: 'failure', code, message: '' }] as const),
    ...others.map((target) => [target, NOTHING] as const),
  ];
  return expected.flatMap(([target, wanted]) => {
    const actual = byKey.get(pathKey(target)) ?? NOTHING;
    return isSame(wanted, actual) ? [] : [{ about: 'attribute', target, expected: wanted, actual } as const];
  });
}

/** Target path → what flows there, references as the ids of the source. */
function flowsOf(one: MappingCase, { mapping, attributes, context }: Subject): ReadonlyMap<string, Flowed> {
  const purpose = one.current === undefined ? 'create' : 'update';
  const options = { purpose, context, ...(one.current === undefined ? {} : { current: one.current }) } as const;
  const flows = new Map<string, Flowed>();
  const rows = explainRows(mapping, attributes, options);
  // IgnoreObjectFlow: the object is not created.
  if (purpose === 'create' && rows.some((row) => 'flow' in row && row.flow.kind === 'ignore-object')) return flows;
  for (const row of rows) {
    const { target } = row.compiled.row;
    if ('failure' in row) flows.set(target, { kind: 'failure', code: row.failure.code, message: row.failure.message });
    else if (row.flow.kind === 'value') flows.set(target, row.flow);
  }
  for (const { kind, row } of mapping.references) {
    if (purpose === 'update' && row.apply === 'onCreate') continue;
    const value = kind === 'manager' ? one.object.manager : one.object.members?.map(({ id }) => id);
    if (value !== undefined && value.length > 0) flows.set(row.target, { kind: 'value', value });
  }
  return flows;
}

/** Booleans and numbers are what their text says, as on the wire; the order of a list does not count. */
function isSame(expected: Flowed, actual: Flowed): boolean {
  if (expected.kind === 'failure') return actual.kind === 'failure' && actual.code === expected.code;
  if (actual.kind === 'failure') return false;
  const [wanted, flowed] = [sent(expected.value), sent(actual.value)];
  return wanted === null || flowed === null ? wanted === flowed : sameValue(flowed, wanted);
}

/** Empty values are never written (scim-wire.md 6.2). */
function sent(value: JsonValue): JsonValue {
  return value === '' || (Array.isArray(value) && value.length === 0) ? null : value;
}
