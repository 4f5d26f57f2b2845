/** The wire scenarios: each case of `wire/*.yaml` played through the engine, every request compared (scim-wire.md 2 to 8, A). */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type Played, playCase } from './wire/play-case.ts';
import { type Dialect, type WireCase, type WireExchange, wireFiles, wireStatements } from './wire/wire-case.ts';

const files = wireFiles();
const schema = JSON.parse(readFileSync(new URL('./wire/wire.schema.json', import.meta.url), 'utf8')) as object;
const isValid = new Ajv({ allErrors: true, strict: false }).compile(schema);
const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

describe.each(files.map((file) => [file.name, file] as const))('%s', (_name, { text, document }) => {
  it('is as its schema says, and names it', () => {
    isValid(document);
    expect(isValid.errors ?? []).toEqual([]);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/wire\.schema\.json\n/);
  });

  const played = document.cases.flatMap((one) =>
    (one.dialects ?? ['legacy']).map((dialect): readonly [string, WireCase, Dialect] => [
      `${one.name} (${dialect}, ${one.basis}: ${one.statement.join(', ')})`,
      one,
      dialect,
    ]),
  );
  it.concurrent.each(played)('%s', async (_case, one, dialect) => {
    const steps = await playCase({ ...document.given, ...one.given }, one.steps, dialect);
    for (const step of steps) compare(step, dialect);
  });
});

describe('the digest', () => {
  const named = files.flatMap(({ document }) => document.cases.flatMap(({ statement }) => statement));
  const { proven, elsewhere } = wireStatements();

  it('has a scenario for each of its examples and table rows', () => {
    expect(proven.filter((statement) => !named.includes(statement))).toEqual([]);
  });

  it('has every statement that a scenario names', () => {
    expect(named.filter((statement) => !proven.includes(statement))).toEqual([]);
    expect(elsewhere.filter((statement) => proven.includes(statement))).toEqual([]);
  });

  it('has no two cases of one name in a file', () => {
    for (const { document } of files) {
      const names = document.cases.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
  });
});

/** Requests in order, headers that are named, bodies as text: the order of keys counts. */
function compare({ step, seen, outcomes, error }: Played, dialect: Dialect): void {
  expect(error).toBe(step.error);
  const expected = step.exchanges.map((exchange) => ({ exchange, body: bodyOf(exchange, dialect) }));
  expect(
    seen.map(({ request, text }) => ({ request, ...(text === '' ? {} : { body: JSON.parse(text) as unknown }) })),
  ).toEqual(expected.map(({ exchange: { request }, body }) => ({ request, ...(body === undefined ? {} : { body }) })));
  for (const [index, { exchange, body }] of expected.entries()) {
    expect(seen[index]?.text).toBe(body === undefined ? '' : JSON.stringify(body));
    for (const [name, value] of Object.entries(exchange.headers ?? {})) {
      expect([name, seen[index]?.headers.get(name)]).toEqual([name, value]);
    }
  }
  if (step.outcomes !== undefined) expect(outcomes).toEqual([...step.outcomes].sort());
}

function bodyOf({ body, operations }: WireExchange, dialect: Dialect): unknown {
  if (operations === undefined) return body;
  const Operations = 'legacy' in operations ? operations[dialect] : operations;
  return { schemas: [PATCH_URN], Operations };
}
