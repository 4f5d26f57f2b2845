/** The attribute tables of the documents, row for row with their types (GC-07). What is matched on is marked with a star. */
import { expect, test } from 'vitest';
import { applicationProfile, attributesOn } from '../../../engine/gallery/index.ts';
import type { ObjectType } from '../../../engine/model/source-object.ts';

function listed(name: string, type: ObjectType = 'User', asOf?: string): readonly string[] {
  const profile = applicationProfile(name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return attributesOn(profile, type, asOf).map(
    ({ name: attribute, type: kind, documentType, filterable }) =>
      `${attribute} ${String(documentType ?? kind).toLowerCase()}${filterable === true ? ' *' : ''}`,
  );
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

test('WA-06: Meta Work Accounts', () => {
  expect(listed('work-accounts')).toEqual([
    'userName string *',
    'externalId string',
    'active boolean',
    'title string',
    'emails[type eq "work"].value string',
    'preferredLanguage string',
    'name.givenName string',
    'name.familyName string',
    'name.formatted string',
    'addresses[type eq "work"].formatted string',
    'addresses[type eq "work"].streetAddress string',
    'addresses[type eq "work"].locality string',
    'addresses[type eq "work"].region string',
    'addresses[type eq "work"].postalCode string',
    'addresses[type eq "work"].country string',
    'phoneNumbers[type eq "work"].value string',
    `${ENTERPRISE}:employeeNumber string`,
    `${ENTERPRISE}:department string`,
  ]);
});

test('WF-11: Workplace by Facebook has the rows known before September 2020', () => {
  const rows = listed('workplace-2017');
  expect(rows).toEqual([
    'userName string *',
    'displayName string',
    'active boolean',
    'title boolean',
    'emails[type eq "work"].value string',
    'name.givenName string',
    'name.familyName string',
    'name.formatted string',
    'addresses[type eq "work"].formatted string',
    'addresses[type eq "work"].streetAddress string',
    'addresses[type eq "work"].locality string',
    'addresses[type eq "work"].region string',
    'addresses[type eq "work"].country string',
    'addresses[type eq "work"].postalCode string',
    'addresses[type eq "other"].formatted string',
    'phoneNumbers[type eq "work"].value string',
    'phoneNumbers[type eq "mobile"].value string',
    'phoneNumbers[type eq "fax"].value string',
    'externalId string',
    'preferredLanguage string',
    'urn:scim:schemas:extension:enterprise:1.0.manager string',
    'urn:scim:schemas:extension:enterprise:1.0.department string',
  ]);
  const later = listed('workplace').filter((row) => !rows.includes(row) && !row.startsWith('externalId'));
  expect(later.map((row) => row.split(/[.:](?=\w+ \w+$)/)[1])).toEqual([
    'division string',
    'organization string',
    'costCenter string',
    'employeeNumber string',
    'auth_method string',
    'is_frontline boolean',
    'startDate integer',
  ]);
});

test('MN-07, MN-09: Meta Networks, today and before 2022-04-06', () => {
  expect(listed('meta-networks')).toEqual([
    'userName string *',
    'active boolean',
    'phoneNumbers[type eq "work"].value string',
    'name.givenName string',
    'name.familyName string',
  ]);
  expect(listed('meta-networks', 'User', '2022-04-05')).toEqual([
    'userName string *',
    'active boolean',
    'emails[type eq "work"].value string',
    'name.givenName string',
    'name.familyName string',
    `${ENTERPRISE}:manager reference`,
  ]);
  expect(listed('meta-networks', 'Group')).toEqual(['displayName string *', 'members reference']);
});
