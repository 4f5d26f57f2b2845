/** Lists and errors as targets really answer (scim-wire.md 4.2, 9.1). */
import { describe, expect, it } from 'vitest';
import { readErrorBody } from '../../../engine/scim/error-response.ts';
import { readListResponse } from '../../../engine/scim/list-response.ts';

describe('readErrorBody', () => {
  it.each([
    [
      'SCIM 2.0 with the status as text',
      { schemas: ['urn:…:Error'], status: '409', scimType: 'uniqueness', detail: 'userName already in use' },
      { status: 409, scimType: 'uniqueness', targetCode: 'uniqueness', detail: 'userName already in use' },
    ],
    ['SCIM 2.0 with the status as number', { status: 400, detail: 'x' }, { status: 400, detail: 'x' }],
    [
      'a vendor number beside scimType',
      { status: '400', scimType: 'invalidValue', detail: 'not verified', code: 1789003 },
      { status: 400, scimType: 'invalidValue', detail: 'not verified', targetCode: '1789003' },
    ],
    [
      'a vendor SCIM 1.1 list',
      { Errors: [{ description: 'not verified', code: 1789003 }] },
      { detail: 'not verified', targetCode: '1789003' },
    ],
    [
      'a SCIM 1.1 list whose code is the HTTP status',
      { Errors: [{ description: 'not found', code: '404' }] },
      { detail: 'not found', status: 404 },
    ],
    [
      'a Graph error',
      { error: { message: 'expired', type: 'OAuthException', code: 190 } },
      { detail: 'expired', targetCode: '190' },
    ],
    ['an OAuth error', { error: 'invalid_client', error_description: 'unknown client' }, { detail: 'unknown client' }],
    ['plain text', ' no such  thing ', { detail: 'no such thing' }],
    ['text with a vendor number in front', '(#1789003) Domain', { detail: '(#1789003) Domain', targetCode: '1789003' }],
    [
      'text that names a code',
      'failed with error code: 1789003',
      { detail: 'failed with error code: 1789003', targetCode: '1789003' },
    ],
    ['a phone number, which is no code', 'bad phone 4255550110', { detail: 'bad phone 4255550110' }],
    [
      'HTML with a title',
      '<html><head><title>502 Bad Gateway</title></head><body>x</body></html>',
      { detail: '502 Bad Gateway' },
    ],
    ['HTML without a title', '<p>Sorry<br>gone</p><script>boom()</script>', { detail: 'Sorry gone' }],
    ['JSON inside text', '{"detail":"x","status":"422"}', { detail: 'x', status: 422 }],
    [
      'Graph, with an inner error',
      { error: { code: 'Request_BadRequest', message: 'Invalid value', innerError: { date: 'x' } } },
      { detail: 'Invalid value', targetCode: 'Request_BadRequest' },
    ],
    [
      'a stack trace',
      { detail: 'TypeError: x\n    at setPath (s.js:1)\n' },
      { detail: 'TypeError: x at setPath (s.js:1)' },
    ],
    ['a list of sentences', { detail: ['first', 7, 'second'] }, { detail: 'first; second' }],
    [
      'JSON that broke off',
      '{"schemas":["urn:…:Error"],"status":"400","detail":"Domain of \\"emails\\" is not ver',
      { detail: 'Domain of "emails" is not ver', status: 400 },
    ],
    [
      'a SCIM 1.1 list that broke off',
      '{"Errors":[{"code":1789003,"description":"not verified"',
      { detail: 'not verified', targetCode: '1789003' },
    ],
    ['nesting without end', `{"detail":"x","a":${'['.repeat(100_000)}`, { detail: 'x' }],
    ['wrong types throughout', { detail: {}, status: [], scimType: 5, code: {}, Errors: 'x' }, {}],
    ['a list of texts', { errors: ['first', 'second'] }, { detail: 'first' }],
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['empty text', '', {}],
    ['a list', [1], {}],
  ])('reads %s', (_name, body, expected) => {
    expect(readErrorBody(body)).toEqual(expected);
  });

  it('cuts long text', () => {
    expect(readErrorBody('x'.repeat(100_000)).detail).toHaveLength(501);
  });
});

describe('readListResponse', () => {
  it.each([
    ['an empty list without Resources', { totalResults: 0 }, { resources: [], totalResults: 0 }],
    [
      'a counter as text',
      { totalResults: '1', Resources: [{ id: 'a' }] },
      { resources: [{ id: 'a' }], totalResults: 1 },
    ],
    [
      'no counter',
      { Resources: [{ id: 'a' }, { id: 'b' }] },
      { resources: [{ id: 'a' }, { id: 'b' }], totalResults: 2 },
    ],
    [
      'names in other case',
      { totalresults: 1, resources: [{ id: 'a' }] },
      { resources: [{ id: 'a' }], totalResults: 1 },
    ],
    ['Resources null', { totalResults: 0, Resources: null }, { resources: [], totalResults: 0 }],
  ])('reads %s', (_name, body, expected) => {
    expect(readListResponse(body)).toMatchObject(expected);
  });

  it.each([undefined, null, 'text', [], {}, { id: 'a', userName: 'x' }, { Resources: 'x' }])(
    'takes %j for no list',
    (body) => {
      expect(readListResponse(body)).toBeUndefined();
    },
  );
});
