/** Requests in words and as curl lines. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CLIENT_PROFILES } from '../../../engine/scim/client-profile.ts';
import { curlOf, describeRequest } from '../../../engine/scim/describe-request.ts';
import { deleteRequest, findRequest, patchRequest } from '../../../engine/scim/request.ts';

const disable = patchRequest('User', 'u1', [{ op: 'Replace', path: 'active', value: 'False' }]);

describe('describeRequest', () => {
  it.each([
    [disable, 'Replace active "False"'],
    [patchRequest('User', 'u1', [{ op: 'replace', value: { active: false } }]), 'replace {"active":false}'],
    [patchRequest('Group', 'g1', [{ op: 'remove', path: 'members[value eq "u1"]' }]), 'remove members[value eq "u1"]'],
    [findRequest('User', 'userName', "o'neil+x@contoso.com"), `GET /Users?filter=userName eq "o'neil+x@contoso.com"`],
    [deleteRequest('User', 'u1'), 'DELETE /Users/u1'],
    [{ method: 'GET', path: '/Users?filter=%' } as const, 'GET /Users?filter=%'],
    [{ method: 'POST', path: '/Users', body: 'text' } as const, 'POST /Users'],
    [{ method: 'PATCH', path: '/Users/1', body: { Operations: 'none' } } as const, 'PATCH /Users/1'],
  ])('%j', (request, words) => {
    expect(describeRequest(request)).toBe(words);
  });
});

describe('curlOf', () => {
  it('takes the token from the environment, or none', () => {
    expect(curlOf('http://a.test/Users/u1', { method: 'GET', path: '/Users/u1' })).toBe(
      `curl 'http://a.test/Users/u1' -H "Authorization: Bearer $TOKEN" -H 'Accept: application/scim+json'`,
    );
    expect(curlOf('http://a.test/Users/u1', { method: 'GET', path: '/Users/u1' }, { anonymous: true })).toBe(
      "curl 'http://a.test/Users/u1' -H 'Accept: application/scim+json'",
    );
  });

  it('has the headers of the client that would send it', () => {
    const entra = curlOf('http://a.test/Users/u1', disable);
    expect(entra).toContain("-H 'Accept: application/scim+json' -H 'Content-Type: application/scim+json' -d");
    const okta = curlOf('http://a.test/Users/u1', disable, { client: CLIENT_PROFILES['okta-aiw'] });
    expect(okta).toContain("-H 'Accept-Charset: utf-8' -H 'Content-Type: application/scim+json; charset=utf-8' -d");
    const legacy = curlOf('http://a.test/Users/u1', disable, { client: CLIENT_PROFILES.scim11 });
    expect(legacy).toContain("-H 'Accept: application/json' -H 'Content-Type: application/json' -d");
  });

  it.skipIf(process.platform === 'win32')('arrives as it was, whatever is in it', () => {
    const value = `o'neil "$HOME" \`id\` \\ %2b`;
    const request = patchRequest('User', 'u1', [{ op: 'Add', path: 'displayName', value }]);
    const line = curlOf('http://a.test/Users/u1', request).replace(/^curl/, "printf '%s\\n'");
    const words = execFileSync('/bin/sh', ['-c', line], { env: { TOKEN: 'secret' }, encoding: 'utf8' }).split('\n');
    expect(words).toContain('Authorization: Bearer secret');
    expect(JSON.parse(words.at(-2) ?? '')).toEqual(request.body);
  });
});
