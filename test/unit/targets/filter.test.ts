/** Filters of RFC 7644 section 3.4.2.2 against one user, and texts that are no filters. */
import { describe, expect, it } from 'vitest';
import { userDefinition } from '../../../fixtures/targets/scim/core-schemas.ts';
import { parseFilter } from '../../../fixtures/targets/scim/filter.ts';
import { caseRuleOf, matchesFilter } from '../../../fixtures/targets/scim/match-filter.ts';
import { ScimProblem } from '../../../fixtures/targets/scim/problem.ts';
import { ENTERPRISE_URN, USER_URN } from './exchange.ts';

const FABRIKAM = 'urn:ietf:params:scim:schemas:extension:fabrikam:2.0:User';
const resource = {
  id: '9f2c',
  externalId: 'Lena',
  userName: 'Lena@contoso.example',
  active: true,
  nickName: '',
  name: { givenName: 'Lena', familyName: "O'Ort" },
  emails: [
    { type: 'work', value: 'lena@contoso.example', primary: true },
    { type: 'home', value: 'lena@home.example' },
  ],
  roles: [{ value: 'reader', primary: true }],
  [ENTERPRISE_URN]: { department: 'Sales', manager: { value: '88d0' } },
  [FABRIKAM]: { tag: 'blue', level: 4 },
  meta: { created: '2026-01-01T00:00:00.000Z', lastModified: '2026-02-01T00:00:00.000Z' },
};

describe('matchesFilter', () => {
  it.each([
    ['userName eq "lena@CONTOSO.example"', true],
    ['USERNAME EQ "lena@contoso.example"', true],
    ['userName eq "lena"', false],
    ['externalId eq "Lena"', true],
    ['externalId eq "lena"', false],
    ['id eq "9F2C"', false],
    ['userName ne "other"', true],
    ['userName ne "lena@contoso.example"', false],
    ['title ne "x"', true],
    ['userName co "CONTOSO"', true],
    ['userName co "fabrikam"', false],
    ['userName sw "LENA"', true],
    ['userName sw "example"', false],
    ['userName ew "Example"', true],
    ['userName ew "lena"', false],
    ['name.familyName eq "O\'Ort"', true],
    ['name.familyName gt "a"', true],
    ['name.familyName gt "o\'ort"', false],
    ['name.familyName ge "o\'ort"', true],
    ['name.familyName lt "z"', true],
    ['name.familyName lt "a"', false],
    ['name.familyName le "o\'ort"', true],
    ['meta.lastModified ge "2026-01-15T00:00:00.000Z" and meta.lastModified le "2026-03-01T00:00:00.000Z"', true],
    ['meta.lastModified gt "2026-02-01T00:00:00.000Z"', false],
    ['title pr', false],
    ['nickName pr', false],
    ['userName pr', true],
    ['title eq null', true],
    ['userName eq null', false],
    ['userName ne null', true],
    ['active eq true', true],
    ['active eq "True"', true],
    ['active eq false', false],
    ['active ne true', false],
    ['emails eq "lena@home.example"', true],
    ['emails.value eq "lena@home.example"', true],
    ['emails.value eq "nobody"', false],
    ['emails[type eq "work"]', true],
    ['emails[type eq "other"]', false],
    ['emails[type eq "work" and value co "home"]', false],
    ['emails[type eq "work"].value eq "lena@contoso.example"', true],
    ['emails[type eq "home"].value eq "lena@contoso.example"', false],
    ['emails[not (type eq "work")].value sw "lena@home"', true],
    ['emails[type eq "work"].value pr', true],
    ['roles[primary eq "True"].value eq "reader"', true],
    [`${ENTERPRISE_URN}:department eq "sales"`, true],
    [`${ENTERPRISE_URN}:manager eq "88d0"`, true],
    [`${ENTERPRISE_URN}:manager.value eq "88d0"`, true],
    [`${ENTERPRISE_URN}:manager eq "88D0"`, false],
    [`${ENTERPRISE_URN}:manager[value eq "88D0"]`, false],
    ['emails[value eq "LENA@home.example"]', true],
    ['meta.lastModified eq "2026-02-01t00:00:00.000z"', false],
    [`${USER_URN}:userName sw "lena"`, true],
    [`${FABRIKAM}:tag eq "blue"`, true],
    [`${FABRIKAM}:level gt 3`, true],
    [`${FABRIKAM}:level le 3`, false],
    [`${FABRIKAM}:level eq "4"`, false],
    ['urn:none:1.0:tag eq "blue"', false],
    ['id eq "9f2c" and active eq true', true],
    ['id eq "x" or active eq true', true],
    ['id eq "9f2c" and active eq false or userName pr', true],
    ['id eq "x" and (active eq true or userName pr)', false],
    ['not (active eq true)', false],
    ['not (active eq false) and not(title pr)', true],
    ['id eq "x" or id eq "y" or id eq "9f2c"', true],
    ['userName eq "Lena\\u0040contoso.example"', true],
  ])('%s is %s', (text, expected) => {
    expect(matchesFilter(resource, parseFilter(text), caseRuleOf(userDefinition))).toBe(expected);
  });
});

describe('parseFilter', () => {
  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq x',
    'userName is "x"',
    'userName eq "x',
    'userName eq "x" and',
    'userName eq "x" userName pr',
    '(userName pr',
    'userName pr)',
    'emails[type eq "work"',
    'emails[]',
    'not userName pr',
    'active gt true',
    'title lt null',
    'userName eq "\\q"',
    `${'('.repeat(60)}userName pr${')'.repeat(60)}`,
  ])('refuses %j as invalidFilter', (text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ httpStatus: 400, scimType: 'invalidFilter' }));
    expect(() => parseFilter(text)).toThrow(ScimProblem);
  });
});
