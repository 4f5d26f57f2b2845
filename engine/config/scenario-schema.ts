/** Scenario files as JSON Schema. */
import { REQUEST_PATTERN } from '../simulate/scenario.ts';
import { configSchema } from './config-schema.ts';

const text = (description: string) => ({ type: 'string', description });
const free = (description: string) => ({ type: 'object', description });
const list = (items: object, description: string) => ({ type: 'array', items, description });
const closed = (properties: object, description: string, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
  description,
});

const jobProperties = configSchema.properties.jobs.items.properties;
const { target: targetSchema, name: _name, mappings: _mappings, ...jobSettings } = jobProperties;

const membership = closed({ group: text('The group.'), member: text('The id of the member.') }, 'A membership.', [
  'group',
  'member',
]);

const mapping = {
  anyOf: [
    { type: 'string' },
    closed(
      {
        file: text('The mapping file.'),
        set: list({ type: 'object' }, 'Rows in place of those with the same target attribute, or more of them.'),
        remove: list({ type: 'string' }, 'Target attributes whose rows go.'),
        actions: list({ type: 'string' }, 'Target object actions.'),
        where: list({ type: 'object' }, 'Scoping filters.'),
      },
      'A mapping file with changes to its first object mapping.',
      ['file'],
    ),
  ],
  description: 'A mapping file, or one with some rows changed.',
};

const fault = {
  type: 'object',
  additionalProperties: false,
  required: ['fault'],
  properties: {
    method: text('Only requests with this method.'),
    path: text('Only requests whose decoded path and query hold this text.'),
    times: {
      type: ['integer', 'string'],
      minimum: 1,
      pattern: '^always$',
      examples: ['3, or always'],
      description: 'How many requests it hits, or always.',
    },
    fault: {
      enum: ['status', 'latency', 'drop', 'commit-then-fail', 'truncate', 'broken-json'],
      description: 'What happens to them.',
    },
    status: { type: 'integer', minimum: 200, maximum: 599, description: 'Status of the answer.' },
    retryAfter: { type: ['integer', 'string'], description: 'Retry-After header of the answer.' },
    body: { description: 'Body of the answer.' },
    ms: { type: 'integer', minimum: 0, description: 'Latency in milliseconds of virtual time.' },
  },
  description: 'Breaks requests at the target.',
};

const action = closed(
  {
    set: closed({ object: text('Whom.'), attributes: free('New values; null clears.') }, 'Changes attributes.', [
      'object',
      'attributes',
    ]),
    addUser: free('A new user with id and attributes.'),
    addGroup: free('A new group with id, attributes and members.'),
    softDelete: text('Puts a user or group into the recycle bin.'),
    restore: text('Takes it out again.'),
    purge: text('Deletes it for good.'),
    addMember: membership,
    removeMember: membership,
    assign: closed(
      { user: text('A user.'), group: text('A group.'), role: text('An app role.') },
      'Assigns to the application.',
    ),
    unassign: text('Takes the assignment of a user or group away.'),
    source: {
      enum: ['empty', 'half', 'truncated', 'missing', 'mended'],
      description: 'An accident of the source: what reading it returns from now on.',
    },
    fault,
    clearFaults: { const: true, description: 'Repairs the target.' },
    authorize: text('The account that consents at the application, e.g. admin@contoso.com.'),
    testConnection: { const: true, description: 'Test Connection.' },
    readAccounts: { const: true, description: 'Reads every account of the application; changes nothing.' },
    target: closed(
      { request: text('METHOD /path'), body: { description: 'The body.' } },
      'Somebody else changes the application.',
      ['request'],
    ),
    settings: closed(
      {
        job: free('Settings of the job to change.'),
        target: free('Settings of its target to change.'),
        mapping,
      },
      'An administrator saves other settings.',
    ),
    start: { const: true, description: 'Starts the job.' },
    pause: { const: true, description: 'Pauses the job.' },
    restart: text('Restarts the job with these reset flags; "portal" for those of the portal.'),
    sync: { const: true, description: 'Runs one cycle now, besides the schedule.' },
  },
  'Exactly one thing that happens.',
);

const pattern = { pattern: REQUEST_PATTERN.source, examples: ['PATCH /Users/* or DELETE *'] };

const request = {
  type: ['string', 'object'],
  ...pattern,
  additionalProperties: false,
  required: ['request'],
  properties: {
    request: { type: 'string', ...pattern, description: 'METHOD /path, with * for anything.' },
    body: { description: 'Contained in the body; null for what must not be there.' },
  },
  description: 'METHOD /path, with * for anything.',
};

const count = (description: string) => ({ type: 'integer', description });
const COUNTS = {
  created: count('Objects created.'),
  updated: count('Objects updated.'),
  disabled: count('Users disabled.'),
  deleted: count('Objects deleted.'),
  skipped: count('Objects skipped.'),
  failed: count('Objects that failed.'),
  warnings: count('Objects with a warning.'),
};

/** What a step, or a tenant of a test suite, expects. */
export const EXPECTATION_SCHEMA = closed(
  {
    refused: text('Occurs in what the administrator is told when something is refused.'),
    answers: list(
      { type: 'object' },
      'What the application answered to each target action of the step: attributes it must hold, null for none.',
    ),
    cycles: { type: 'integer', description: 'Cycles that ran in this step.' },
    kind: { enum: ['initial', 'incremental'], description: 'Kind of the last of them.' },
    counts: closed(COUNTS, 'Counts of the last cycle.'),
    writes: list(request, 'The writing requests of the step: these and no others.'),
    sent: list(request, 'Requests that must be among those of the step.'),
    notSent: list(request, 'Requests that must not.'),
    logs: list(
      closed(
        {
          object: text('displayName or userPrincipalName.'),
          action: text('provisioningAction.'),
          status: text('Status.'),
          code: text('Error code or skip reason.'),
          says: text('Occurs in the reason or in a step.'),
          modified: free('Every modified property: [before, after].'),
        },
        'A provisioning log record.',
      ),
      'Records that must be among those of the step.',
    ),
    job: closed(
      {
        status: text('Active, Paused, Quarantine, NotRun.'),
        schedule: text('Active, Paused, Disabled.'),
        quarantine: { type: ['string', 'null'], description: 'The reason, or null.' },
        escrows: { type: 'integer', description: 'Objects and references waiting for a retry.' },
        held: { type: 'integer', description: 'Deprovisions held back.' },
        users: { type: 'integer', description: 'Linked users.' },
        groups: { type: 'integer', description: 'Linked groups.' },
        minutes: { type: 'integer', description: 'Between regular cycles.' },
        idStartsWith: text('Template id with which the job id starts.'),
        nextAttempt: text('When the quarantined job tries again, since the start: +6h.'),
      },
      'The job after the step.',
    ),
    target: closed(
      {
        users: free('By userName: attributes the account must have, or null when there must be none.'),
        groups: free(
          'By displayName: attributes the group must have, its members by name, or null when there must be none.',
        ),
        userCount: { type: 'integer', description: 'How many accounts there are.' },
      },
      'The application after the step.',
    ),
    accounts: closed(
      {
        read: { type: 'integer', description: 'How many accounts were read.' },
        pages: { type: 'integer', description: 'In how many pages.' },
        byMail: list({ type: 'string' }, 'Accounts matched by their address alone.'),
        lockedOut: list({ type: 'string' }, 'Active accounts whose user is not assigned.'),
      },
      'What reading the accounts brought.',
    ),
    notifications: { type: 'integer', description: 'Notifications of the step.' },
  },
  'What must have been seen when the step is over.',
);

export const scenarioSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scimulate scenario',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'directory', 'mapping', 'steps'],
  properties: {
    name: text('A title.'),
    teaches: text('What one learns from it.'),
    shows: { type: 'array', items: { type: 'string' }, description: 'Ids of the statements it proves.' },
    directory: { type: ['string', 'object'], description: 'A directory file, or the directory itself.' },
    mapping,
    profile: { type: 'string', default: 'scim', description: 'The simulated application.' },
    grant: {
      enum: ['admin', 'none'],
      default: 'admin',
      description: 'Whether an administrator has consented when it begins, at an application that asks for consent.',
    },
    seed: closed(
      {
        users: list({ type: 'object' }, 'Accounts.'),
        numbered: { type: 'integer', minimum: 1, description: 'So many accounts besides, user1@contoso.com and on.' },
        groups: list({ type: 'object' }, 'Groups.'),
      },
      'What the application holds at the start.',
    ),
    job: { ...closed(jobSettings, 'Settings of the job.') },
    target: { ...closed({ ...targetSchema.properties }, 'Settings of its target.') },
    start: text('Where virtual time begins: 2026-01-01T00:00:00Z.'),
    steps: {
      type: 'array',
      minItems: 1,
      items: closed(
        {
          at: { type: ['string', 'integer'], description: 'When, since the start: +0, +40m, +2d, +1d6h.' },
          note: text('What happens, in words.'),
          do: list(action, 'What happens, before a cycle that is due at this time.'),
          expect: EXPECTATION_SCHEMA,
        },
        'One moment of the timeline.',
        ['at'],
      ),
      description: 'The timeline.',
    },
  },
} as const;
