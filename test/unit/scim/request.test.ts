/** Requests to the byte (scim-wire.md 1.4, 1.5, 4.1). */
import { describe, expect, it } from 'vitest';
import {
  createRequest,
  deleteRequest,
  encodeFilterValue,
  findRequest,
  getRequest,
  patchRequest,
} from '../../../engine/scim/request.ts';

describe('findRequest', () => {
  it.each([
    ['User', 'userName', 'ana+x@contoso.example', '/Users?filter=userName+eq+%22ana%2bx%40contoso.example%22'],
    ['User', 'externalId', "O'Neil", '/Users?filter=externalId+eq+%22O%27Neil%22'],
    [
      'User',
      'emails[type eq "work"].value',
      'a@b.example',
      '/Users?filter=emails%5btype+eq+%22work%22%5d.value+eq+%22a%40b.example%22',
    ],
    ['Group', 'displayName', 'Sales', '/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22'],
    ['User', 'userName', 'Zoë ~(a)*!', '/Users?filter=userName+eq+%22Zo%c3%ab+%7e(a)*!%22'],
    ['User', 'userName', 'a"b\\c', '/Users?filter=userName+eq+%22a%5c%22b%5c%5cc%22'],
    ['User', 'userName', '\ud800x', '/Users?filter=userName+eq+%22%5cud800x%22'],
  ] as const)('asks for a %s by %s = %s', (type, path, value, expected) => {
    expect(findRequest(type, path, value)).toEqual({ method: 'GET', path: expected });
  });

  it('shares its encoding with encodeFilterValue', () => {
    expect(encodeFilterValue('ana+x@contoso.example')).toBe('%22ana%2bx%40contoso.example%22');
  });
});

describe('requests by id', () => {
  it('encodes everything but unreserved characters of the id', () => {
    expect(deleteRequest('User', "a/b c'(1)~").path).toBe('/Users/a%2Fb%20c%27%281%29~');
  });

  it('reads groups without members', () => {
    expect(getRequest('Group', '51aa')).toEqual({ method: 'GET', path: '/Groups/51aa?excludedAttributes=members' });
    expect(getRequest('User', '9f2c')).toEqual({ method: 'GET', path: '/Users/9f2c' });
  });

  it('wraps operations in a PatchOp with the keys op, path, value in that order', () => {
    const { method, path, body } = patchRequest('User', '9f2c', [{ value: 'False', path: 'active', op: 'Replace' }]);
    expect([method, path]).toEqual(['PATCH', '/Users/9f2c']);
    expect(JSON.stringify(body)).toBe(
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}',
    );
  });

  it('posts to the endpoint of the type', () => {
    expect(createRequest('Group', { displayName: 'Sales' })).toEqual({
      method: 'POST',
      path: '/Groups',
      body: { displayName: 'Sales' },
    });
  });
});
