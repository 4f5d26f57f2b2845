/** The scoping table (mappings-and-scoping.md 6.5). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ScopingFilter } from '../../engine/model/mapping.ts';
import { isInScope } from '../../engine/scope/scoping-filter.ts';

type Case = {
  readonly id: string;
  readonly filter: ScopingFilter | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: boolean;
  readonly note: string;
};

const cases = JSON.parse(readFileSync(new URL('./cases/scoping.json', import.meta.url), 'utf8')) as readonly Case[];

describe('scoping.json', () => {
  it('has all 105 cases', () => {
    expect(cases).toHaveLength(105);
  });

  it.each(cases.map((one) => [`${one.id} ${one.note}`, one] as const))('%s', (_name, { filter, input, expected }) => {
    expect(isInScope(filter, input)).toBe(expected);
  });
});
