/** A schema as clients put it, completed from the present one where they leave ids and directories out (graph-api.md 8.3). */
import isEqual from 'lodash/isEqual.js';
import type { GraphRule, SynchronizationSchema } from '../../schema/synchronization-schema.ts';
import { type Fields, member } from './request-body.ts';

/** The document with the present directories when it has none, and each rule with the id of the present one of its name. */
export function completeSchema(document: Fields, present: SynchronizationSchema): Fields {
  const rules = member(document, 'synchronizationRules');
  const directories = member(document, 'directories');
  return {
    ...document,
    ...(Array.isArray(rules) ? { synchronizationRules: rules.map((rule) => withId(rule, present)) } : {}),
    ...(directories === undefined || directories === null ? { directories: present.directories } : {}),
  };
}

function withId(rule: unknown, { synchronizationRules }: SynchronizationSchema): unknown {
  if (typeof rule !== 'object' || rule === null || typeof (rule as Fields).id === 'string') return rule;
  const { name } = rule as Fields;
  const known = synchronizationRules.find((one) => one.name === name) ?? onlyOne(synchronizationRules);
  return known === undefined ? rule : { ...rule, id: known.id, name: name ?? known.name };
}

function onlyOne(rules: readonly GraphRule[]): GraphRule | undefined {
  return rules.length === 1 ? rules[0] : undefined;
}

/** Rules that may not be edited and would be. */
export function lockedRules(before: SynchronizationSchema, after: SynchronizationSchema): readonly string[] {
  return before.synchronizationRules
    .filter(({ editable }) => !editable)
    .filter((rule) => !after.synchronizationRules.some((other) => isEqual(other, rule)))
    .map(({ name }) => name);
}
