/** `docs/conform.md`: every check from its declaration, and which check answers which test of Microsoft's suites. */
import type { ConformanceCheck } from './check.ts';

export type SuiteTest = { readonly id: string; readonly name: string };

/** The hosted validator (wire 10.2) and the gallery suite of 2026 (wire 10.3). */
export const SUITE_TESTS: readonly SuiteTest[] = [
  { id: 'hosted 1', name: 'Create a new User' },
  { id: 'hosted 2', name: 'Create a duplicate User' },
  { id: 'hosted 3', name: 'Filter for an existing user' },
  { id: 'hosted 4', name: 'Filter for a non-existing user' },
  { id: 'hosted 5', name: 'Filter for an existing user with a different case' },
  { id: 'hosted 6', name: 'Patch User - Replace Attributes' },
  { id: 'hosted 7', name: 'Update User userName' },
  { id: 'hosted 8', name: 'Patch User - Disable User' },
  { id: 'hosted 9', name: 'Patch User - Add Manager' },
  { id: 'hosted 10', name: 'Patch User - Replace Manager' },
  { id: 'hosted 11', name: 'Patch User - Remove Manager' },
  { id: 'hosted 12', name: 'Delete a User' },
  { id: 'hosted 13', name: 'Get group by id excluding members' },
  { id: 'hosted 14', name: 'Filter for an existing group excluding members' },
  { id: 'hosted 15', name: 'Filter for an existing group' },
  { id: 'hosted 16', name: 'Filter for a non-existing group' },
  { id: 'hosted 17', name: 'Filter for an existing group with a different case' },
  { id: 'hosted 18', name: 'Create a new Group' },
  { id: 'hosted 19', name: 'Create a duplicate Group' },
  { id: 'hosted 20', name: 'Patch Group - Replace Attributes' },
  { id: 'hosted 21', name: 'Update Group displayName / externalId' },
  { id: 'hosted 22', name: 'Patch Group - Add Member' },
  { id: 'hosted 23', name: 'Patch Group - Remove Member' },
  { id: 'hosted 24', name: 'Delete a Group' },
  { id: 'hosted 25', name: 'Patch User - Add Attributes' },
  { id: 'hosted P1', name: 'preview: several operations on different attributes' },
  { id: 'hosted P2', name: 'preview: several operations on the same attribute' },
  { id: 'hosted P3', name: 'preview: delete the same user twice' },
  { id: 'hosted P4', name: 'preview: delete a user that never existed' },
  { id: 'hosted P5', name: 'preview: delete a group that never existed' },
  { id: 'hosted P6', name: 'preview: delete the same group twice' },
  { id: 'hosted P7', name: 'preview: several operations on group members' },
  { id: 'gallery 1', name: 'Create_User_Test' },
  { id: 'gallery 2', name: 'Update_User_Test' },
  { id: 'gallery 3', name: 'Disable_User_Test' },
  { id: 'gallery 4', name: 'Delete_User_Test' },
  { id: 'gallery 5', name: 'User_Update_Manager_Test' },
  { id: 'gallery 6', name: 'Restore_User_Test' },
  { id: 'gallery 7', name: 'POD_User_Test' },
  { id: 'gallery 8', name: 'Create_Group_Test' },
  { id: 'gallery 9', name: 'Update_Group_Test' },
  { id: 'gallery 10', name: 'Delete_Group_Test' },
  { id: 'gallery 11', name: 'Group_Update_Add_Member_Test' },
  { id: 'gallery 12', name: 'Group_Update_Remove_Member_Test' },
  { id: 'gallery 13', name: 'POD_Group_Test' },
  { id: 'gallery 14', name: 'Restore_Group_Test' },
  { id: 'gallery 15', name: 'Schema_Discoverability_Test' },
  { id: 'gallery 16', name: 'SCIM_Null_Update_Test' },
  { id: 'gallery 17', name: 'SCIM_User_Create_Test' },
  { id: 'gallery 18', name: 'SCIM_User_Update_Test' },
  { id: 'gallery 19', name: 'SCIM_Group_Create_Test' },
  { id: 'gallery 20', name: 'SCIM_Group_Update_Test' },
  { id: 'gallery 21', name: 'Validate_Credentials_Test' },
  { id: 'gallery 22', name: 'Federated_Identity_Test' },
  { id: 'gallery 23', name: 'SCIM_User_Pagination_Test' },
  { id: 'gallery 24', name: 'SCIM_Group_Pagination_Test' },
  { id: 'gallery 25', name: 'SCIM_Update_Manager_Test' },
];

/** The page, for `npm run generate`. `example` is the part that is written by hand. */
export function conformPage(checks: readonly ConformanceCheck[], example: string): string {
  const areas = [...new Set(checks.map(({ area }) => area))];
  return [
    head(checks.length),
    example.trim(),
    '',
    ...areas.flatMap((area) => section(area, checks)),
    suites(checks),
  ].join('\n');
}

function head(count: number): string {
  return `# Conformance checks

Generated from \`engine/conform/\`; do not edit. ${count} checks.

\`scimulate conform --url URL --token TOKEN\` asks any SCIM endpoint what Microsoft's two validator suites ask, and what broke in
the field, with the requests the engine itself sends, in both PATCH dialects. It needs no tenant and no configuration. It creates
users and groups of its own, named \`scimulate-…\`, and removes them at the end, after a failure or Ctrl-C too.

- **mandatory**: without it a job of Entra with default settings fails or goes wrong. **recommended**: Entra works without it; a
  listing in the gallery, an unusual mapping or an administrator may need it.
- Checks of a dialect count as mandatory when the URL asks for that dialect: none for the default one, \`?aadOptscim062020\` for the
  other. Provision on demand speaks the default dialect whatever the URL says.
- A check is *not judged* where the endpoint lacks what it rests on: an attribute it does not keep, groups it does not have, a manager
  that its /Schemas does not list.
- Exit code 0: Entra would work. 3: it would not. 4: nobody answers, nobody is let in, or it speaks SCIM 1.1. 2: usage. 130: interrupted.
- The token may stand in \`SCIM_TOKEN\`, or be given as \`--token '\${env:NAME}'\`, so that it is in no shell history. It is in no output.
- An endpoint that asks for OAuth is signed in to with \`--token-url URL --client-id ID\` and a client secret (\`SCIM_CLIENT_SECRET\`,
  or \`--client-secret '\${env:NAME}'\`) or a key that signs an assertion (\`--client-key FILE\`). Only then its token endpoint is
  checked as well.

\`--list\` lists the checks, \`--only ID\` runs one (repeatable), \`--keep\` leaves what was created, \`--har FILE\` records every
exchange, \`--junit FILE\` and \`--json\` are for machines. Entra sends no User-Agent; where
an endpoint insists on one, \`--user-agent TEXT\` lets the other checks go on. To see checks fail: \`scimulate target scim --defect string-booleans-ignored\`.
`;
}

function section(area: string, checks: readonly ConformanceCheck[]): readonly string[] {
  const rows = checks.filter((check) => check.area === area).map(row);
  return [
    `## ${area.charAt(0).toUpperCase()}${area.slice(1)}`,
    '',
    '| check | asks | category | source | when it is not so, Entra | fix |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ];
}

function row({ id, name, category, source, seen = [], entra, fix }: ConformanceCheck): string {
  const reports = seen.map((url, index) => `[${index + 1}](${url})`).join(' ');
  const cells = [`\`${id}\``, name, category, reports === '' ? source : `${source}; seen ${reports}`, entra, fix];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function suites(checks: readonly ConformanceCheck[]): string {
  const rows = SUITE_TESTS.map(({ id, name }) => {
    const ids = checks.filter(({ covers = [] }) => covers.includes(id)).map((check) => `\`${check.id}\``);
    return `| ${id} | ${name} | ${ids.join(', ')} |`;
  });
  return `## Microsoft's suites

*hosted*: the validator at scimvalidator.microsoft.com. *gallery*: the Logic App suite for listings of 2026; its tests that read the
provisioning log are answered by the requests which the engine sends in that case.

| test | name | checks |
|---|---|---|
${rows.join('\n')}
`;
}
