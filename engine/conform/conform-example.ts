/** A result worth reading: an independent server library as its users get it. A test keeps it true. */

export type ExampleFinding = { readonly check: string; readonly because: string };

/** What scimmy 1.3.5 with scimmy-routers 1.3.2 fails at, for the default dialect; consequences of these are left out. */
export const SCIMMY_FAILURES: readonly ExampleFinding[] = [
  {
    check: 'filter-case',
    because:
      'filters compare text with case, although userName is `caseExact: false`: a user spelt in another case is not found',
  },
  {
    check: 'add-mail-legacy',
    because:
      'an `Add` with a filter that no element matches is answered with 400 `noTarget`, as RFC 7644 says; Entra expects the element to be made',
  },
  {
    check: 'boolean-text',
    because:
      '`"False"` where a boolean belongs is answered with 400 `invalidValue`: nobody is ever disabled, but at least Entra logs it',
  },
  {
    check: 'set-manager-legacy',
    because: 'the manager has to be an object; Entra sends the bare id in both dialects',
  },
  {
    check: 'group-filter-case',
    because: 'as for users: `displayName` is compared with case',
  },
];

/** The part of `docs/conform.md` that tells it. */
export function conformExample(): string {
  const rows = SCIMMY_FAILURES.map(({ check, because }) => `| \`${check}\` | ${because} |`);
  return `## An example: scimmy

[scimmy](https://github.com/scimmyjs/scimmy) with scimmy-routers is a strict and careful implementation of the RFCs, and is used as
the independent server in this project's tests. \`scimulate conform\` says about it, for a tenant URL without flag:

| check | why |
|---|---|
${rows.join('\n')}

With \`?aadOptscim062020\` appended to the URL, booleans arrive as JSON and \`boolean-text\` is only a warning; the other four remain.
No write fails silently: every refusal is a 400 that Entra logs and retries. What a strict server teaches is that following the RFC
is not enough.
`;
}
