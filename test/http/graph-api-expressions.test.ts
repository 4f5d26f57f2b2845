/** Filter operators, functions, and the trial of an expression over the management API (graph-api.md 8.6, 8.7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphWorld, GUEST_KEY, openGraphWorld } from '../support/graph-world.ts';
import { aUser, everyone } from '../support/world.ts';

let world: GraphWorld;
let schema: string;

beforeAll(async () => {
  world = await openGraphWorld({
    directory: everyone([aUser('u1')]),
    configuration: { defaultDomain: 'contoso.onmicrosoft.com' },
  });
  const { json } = await world.call('GET', `${world.sync()}/jobs`);
  schema = `${world.sync()}/jobs/${json.value[0].id}/schema`;
});
afterAll(() => world.close());

const named = (list: readonly { readonly name: string }[], name: string) => list.find((one) => one.name === name);
const trial = async (expression: string, properties?: readonly unknown[]) => {
  const testInputObject = properties === undefined ? null : { definition: null, properties };
  const body = { expression, targetAttributeDefinition: null, testInputObject };
  const { status, json } = await world.call('POST', `${schema}/parseExpression`, body);
  expect(status).toBe(200);
  const { '@odata.context': _context, ...answer } = json;
  return answer;
};

test.each(['filterOperators', 'microsoft.graph.filterOperators()'])('%s', async (name) => {
  const { status, json } = await world.call('GET', `${schema}/${name}`);
  expect(status).toBe(200);
  expect(json['@odata.context']).toMatch(/\$metadata#Collection\(microsoft\.graph\.filterOperatorSchema\)$/);
  expect(json.value).toHaveLength(14);
  expect(named(json.value, 'EQUALS')).toEqual({
    id: 'EQUALS',
    name: 'EQUALS',
    arity: 'Binary',
    multivaluedComparisonType: 'All',
    supportedAttributeTypes: ['String', 'Integer'],
  });
  expect(named(json.value, 'IS TRUE')).toMatchObject({ arity: 'Unary', supportedAttributeTypes: ['Boolean'] });
});

test('functions, with what may be left out and what may come again', async () => {
  const { json } = await world.call('GET', `${schema}/functions`);
  expect(named(json.value, 'Append')).toEqual({
    id: 'Append',
    name: 'Append',
    parameters: [
      { name: 'source', type: 'String', required: true, allowMultipleOccurrences: false },
      { name: 'suffix', type: 'String', required: true, allowMultipleOccurrences: false },
    ],
  });
  expect(named(json.value, 'Mid')).toMatchObject({ parameters: [{}, { type: 'Integer' }, { type: 'Integer' }] });
  expect(named(json.value, 'Join')).toMatchObject({
    parameters: [{ allowMultipleOccurrences: false }, { allowMultipleOccurrences: true }],
  });
});

describe('parseExpression', () => {
  test('the sample of the documentation', async () => {
    const answer = await trial('Replace([preferredLanguage], "-", , , "_", , )', [
      { key: 'preferredLanguage', value: 'EN-US' },
      { key: 'appRoleAssignments', 'value@odata.type': '#Collection(String)', value: ['Default Assignment'] },
    ]);
    expect(answer).toMatchObject({
      error: null,
      evaluationSucceeded: true,
      evaluationResult: ['EN_US'],
      parsingSucceeded: true,
      parsedExpression: {
        type: 'Function',
        name: 'Replace',
        parameters: [{ key: 'source' }, { key: 'Find' }, { key: 'Replacement' }].map((one) =>
          expect.objectContaining(one),
        ),
      },
    });
  });

  test('without an object there is nothing to evaluate', async () => {
    expect(await trial('ToLower([mail])')).toMatchObject({
      error: null,
      evaluationSucceeded: false,
      evaluationResult: [],
      parsingSucceeded: true,
      parsedExpression: { expression: 'ToLower([mail])' },
    });
  });

  test.each([
    ['Split("a,b", ",")', ['a', 'b']],
    ['Coalesce([nobody])', []],
    ['Join("@", "ana", DefaultDomain())', ['ana@contoso.onmicrosoft.com']],
    ['IIF([active]="True", "yes", "no")', ['yes']],
  ])('%s', async (expression, evaluationResult) => {
    const answer = await trial(expression, [{ key: 'active', value: true }]);
    expect(answer).toMatchObject({ error: null, evaluationSucceeded: true, evaluationResult });
  });

  test.each([
    ['ToLower([mail]', 'ParseError'],
    ['Frobnicate([mail])', 'UnknownFunction'],
    ['Mid([mail])', 'ArgumentCount'],
  ])('%s cannot be parsed, which is an answer too', async (expression, code) => {
    expect(await trial(expression, [])).toEqual({
      error: { code, message: expect.any(String), target: expect.any(String), details: [], innerError: null },
      evaluationSucceeded: false,
      evaluationResult: [],
      parsedExpression: null,
      parsingSucceeded: false,
    });
  });

  test('an evaluation that fails leaves what was parsed', async () => {
    const answer = await trial('FormatDateTime([d], , "yyyy-MM-dd", "yyyyMMdd")', [{ key: 'd', value: 'soon' }]);
    expect(answer).toMatchObject({
      error: { code: 'InvalidDate' },
      evaluationSucceeded: false,
      parsingSucceeded: true,
      parsedExpression: { name: 'FormatDateTime' },
    });
  });

  test.each([
    [{}, 400, 'RequestParameterMissing'],
    [{ expression: 5 }, 400, 'BadRequest'],
    [{ expression: '[a]', testInputObject: { properties: 'a' } }, 400, 'BadRequest'],
  ])('%j is no request', async (body, status, code) => {
    const answer = await world.call('POST', `${schema}/parseExpression`, body);
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  });

  test('takes the right to read', async () => {
    const answer = await world.call('POST', `${schema}/parseExpression`, { expression: '[a]' }, { key: GUEST_KEY });
    expect(answer.status).toBe(403);
  });
});

test('a filter that goes too deep is refused', async () => {
  for (const filter of [`${'('.repeat(3000)}`, 'not '.repeat(900), `${'tolower('.repeat(450)}`]) {
    const { status, json } = await world.call(
      'GET',
      `/v1.0/servicePrincipals?$filter=${filter.replaceAll(' ', '%20')}`,
    );
    expect([status, json.error.message]).toEqual([400, 'The $filter goes more than 100 levels deep.']);
  }
});

test('a body that goes too deep is refused', async () => {
  const text = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const { status, json } = await world.call('PUT', schema, undefined, { text });
  expect([status, json.error.message]).toEqual([400, 'The body goes more than 2000 levels deep.']);
});
