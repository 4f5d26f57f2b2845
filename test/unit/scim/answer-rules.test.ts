/** The table of answers, row by row (scim-wire.md 2, 4.2, 5.3, 9.1; cycle.md 10d, 10e). */
import { describe, expect, test } from 'vitest';
import { classifyResponse } from '../../../engine/apply/classify-response.ts';
import {
  ANSWER_RULES,
  type Asked,
  errorCategoryOf,
  INCOMPATIBLE,
  ruleFor,
  statusName,
} from '../../../engine/scim/answer-rules.ts';

const FILTERING = 'SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering';
const ROWS: readonly [status: number, asked: readonly Asked[], text: string, code: string, ends: string][] = [
  [401, ['query', 'read', 'create', 'update', 'delete'], '', 'InvalidCredentials', 'job'],
  [401, ['probe'], '', 'InvalidCredentials', 'job'],
  [403, ['probe'], '', 'InvalidCredentials', 'job'],
  [404, ['probe', 'query'], '', 'ScimComplianceNotFound', 'job'],
  [404, ['delete'], '', '', 'success'],
  [404, ['read', 'update'], '', 'InvalidAnchor', 'object'],
  [404, ['create'], '', INCOMPATIBLE, 'object'],
  [400, ['create'], 'The licence limit is reached', 'LicenseLimitExceeded', 'object'],
  [403, ['create'], 'No more seats: the limit of 50 seats is exceeded', 'LicenseLimitExceeded', 'object'],
  [400, ['create'], 'The domain contoso.example is not verified', 'InvalidDomain', 'object'],
  [422, ['update'], 'Invalid e-mail domain', 'InvalidDomain', 'object'],
  [400, ['update'], 'Unknown attribute "nickName2"', 'SchemaAttributeNotFound', 'object'],
  [400, ['update'], 'Attribute favouriteColour does not exist in schema', 'SchemaAttributeNotFound', 'object'],
  [400, ['create'], 'Missing Email field: You must provide an email', 'MandatoryFieldsMissing', 'object'],
  [422, ['create'], 'Attribute name.familyName is required', 'MandatoryFieldsMissing', 'object'],
  [400, ['query', 'create', 'update'], 'Something else', INCOMPATIBLE, 'object'],
  [403, ['query', 'create', 'update', 'delete'], '', 'InsufficientRights', 'object'],
  [405, ['create', 'update', 'delete'], '', 'MethodNotAllowed', 'object'],
  [409, ['create'], 'userName already in use', FILTERING, 'object'],
  [409, ['update', 'delete'], '', 'Conflict', 'object'],
  [422, ['create', 'update'], '', 'UnprocessableEntity', 'object'],
  [429, ['read', 'query', 'create', 'update'], '', 'TooManyRequests', 'object'],
  [501, ['update'], '', 'NotImplemented', 'object'],
  [500, ['read', 'create', 'update', 'delete'], '', 'InternalServerError', 'object'],
  [503, ['create'], '', 'InternalServerError', 'object'],
  [412, ['delete'], '', INCOMPATIBLE, 'object'],
  [415, ['create'], '', INCOMPATIBLE, 'object'],
  [304, ['read'], '', INCOMPATIBLE, 'object'],
];

test.each(ROWS.flatMap(([status, asked, ...rest]) => asked.map((one) => [status, one, ...rest] as const)))(
  '%i to a %s saying "%s": %s, %s',
  (status, asked, text, code, ends) => {
    expect(ruleFor(asked, status, text)).toEqual({ code, ends });
  },
);

test('every row of the table decides one of these', () => {
  const decided = new Set(
    ROWS.flatMap(([status, asked, text]) =>
      asked.map((one) =>
        ANSWER_RULES.findIndex(
          (rule) =>
            rule.status.some((each) => each === String(status) || each === `${Math.floor(status / 100)}xx`) &&
            rule.asked?.includes(one) !== false &&
            rule.says?.test(text) !== false,
        ),
      ),
    ),
  );
  expect([...decided].sort((a, b) => a - b)).toEqual(ANSWER_RULES.map((_rule, index) => index));
});

test.each([429, 500, 502, 503, 504, 400, 409, 422])(
  'whatever fails the test connection fails the job: %i',
  (status) => {
    expect(ruleFor('probe', status).ends).toBe('job');
  },
);

test.each([
  ['TooManyRequests', 'failure'],
  ['InternalServerError', 'failure'],
  ['WebExceptionProtocolError', 'failure'],
  ['Timeout', 'failure'],
  ['InternalError', 'failure'],
  ['Conflict', 'nonServiceFailure'],
  ['InvalidAnchor', 'nonServiceFailure'],
  ['InvalidDomain', 'nonServiceFailure'],
  ['NotImplemented', 'nonServiceFailure'],
  [INCOMPATIBLE, 'nonServiceFailure'],
])('%s is a %s (cycle.md 10d)', (code, category) => {
  expect(errorCategoryOf(code)).toBe(category);
});

describe('an answer to a write', () => {
  test.each([
    [
      { method: 'POST', path: '/Users' },
      { status: 201, body: { id: '1' } },
    ],
    [
      { method: 'POST', path: '/Users' },
      { status: 200, body: { id: 7 } },
    ],
    [{ method: 'PATCH', path: '/Users/1' }, { status: 204 }],
    [{ method: 'PATCH', path: '/Users/1' }, { status: 200 }],
    [{ method: 'PATCH', path: '/Users/1' }, { status: 201 }],
    [
      { method: 'DELETE', path: '/Users/1' },
      { status: 404, body: 'gone' },
    ],
  ] as const)('%j answered %j is done', (request, response) => {
    expect(classifyResponse(request, response)).toBeUndefined();
  });

  test.each([[undefined], [null], [{}], [{ id: '' }], [{ id: null }], [{ id: { a: 1 } }], [[]], ['text']])(
    'a create answered 201 with %j has no identifier',
    (body) => {
      const response = body === undefined ? { status: 201 } : { status: 201, body };
      expect(classifyResponse({ method: 'POST', path: '/Users' }, response)?.code).toBe('ResourceWithoutIdentifier');
    },
  );

  test("the target's own number and the raw body are kept", () => {
    const body = { Errors: [{ description: 'Domain of emails is not verified', code: 1789003 }] };
    expect(classifyResponse({ method: 'POST', path: '/Users' }, { status: 400, body })).toEqual({
      code: 'InvalidDomain',
      category: 'nonServiceFailure',
      status: 400,
      message: 'Domain of emails is not verified',
      response: JSON.stringify(body),
      targetCode: '1789003',
    });
  });

  test('an answer without a word still says what happened', () => {
    expect(classifyResponse({ method: 'PATCH', path: '/Users/1' }, { status: 502 })?.message).toBe(
      'the target answered 502 BadGateway to PATCH',
    );
  });
});

test.each([
  [400, 'BadRequest'],
  [404, 'NotFound'],
  [429, 'TooManyRequests'],
  [503, 'ServiceUnavailable'],
  [599, '599'],
])('%i is called %s, as .NET does', (status, name) => {
  expect(statusName(status)).toBe(name);
});
