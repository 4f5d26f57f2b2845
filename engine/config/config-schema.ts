/** The configuration as JSON Schema: the one truth for validation, editors and the example. */
import { APPLICATION_PROFILES } from '../gallery/index.ts';
import { API_PERMISSIONS, API_ROLES } from './api-access.ts';
import { authenticationSchema, secret } from './authentication-schema.ts';
import { expressionsSchema } from './expressions-schema.ts';
import { quirkProperties } from './quirk-schema.ts';
import { transportProperties } from './transport-schema.ts';

const target = {
  type: 'object',
  additionalProperties: false,
  required: ['auth'],
  properties: {
    url: {
      type: 'string',
      description:
        'The tenant URL as entered in Entra. Flags may be appended: ?aadOptscim062020 asks for RFC-compliant PATCH. Only an application whose profile fixes the address does without.',
    },
    override: { type: 'string', description: 'Where the bytes go instead of url, for a local stand-in.' },
    auth: authenticationSchema,
    ...transportProperties,
    ...quirkProperties,
  },
} as const;

const job = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'mappings', 'target'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'Name of the job, unique in the file.' },
    template: {
      type: 'string',
      minLength: 1,
      description: 'Job ids start with it; the default comes from the mapping file.',
    },
    application: {
      type: 'string',
      description: 'Application of the directory whose assignments count; default: the job name.',
    },
    mappings: { type: 'string', minLength: 1, description: 'The mapping file.' },
    profile: {
      enum: APPLICATION_PROFILES.map(({ name }) => name),
      description:
        'Application of the gallery: its tenant URL, rhythm, rights and attribute list. Default: by template and URL; a custom application has none.',
    },
    asOf: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'The attribute list of the profile as it was on this day, e.g. 2020-01-01.',
    },
    scope: {
      enum: ['assigned', 'all'],
      default: 'assigned',
      description: 'Assigned users and groups only, or all of the directory.',
    },
    defaultAccess: {
      enum: ['provision', 'skip'],
      description:
        'Whether an assignment without an app role (Default Access) counts. Default: what the application profile says, skip for Workplace and Meta Networks; else provision.',
    },
    fidelity: {
      enum: ['entra', 'sane'],
      default: 'entra',
      description:
        'entra: as documented, oddities included. sane: sends cleared attributes, late managers and members, and memberships after a restore.',
    },
    expressions: expressionsSchema,
    schedule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        interval: {
          type: 'string',
          default: 'PT40M',
          description: 'Time between cycles, an ISO 8601 duration. An application profile may have another default.',
        },
        trigger: {
          enum: ['interval', 'change'],
          default: 'interval',
          description:
            'change: a change of the directory starts a cycle at once, besides the interval. Default for Okta: change.',
        },
        state: { enum: ['active', 'disabled'], default: 'active', description: 'Whether the schedule runs.' },
      },
      description: 'When cycles run.',
    },
    target: { ...target, description: 'The SCIM endpoint.' },
    deletions: {
      type: 'object',
      additionalProperties: false,
      properties: {
        guard: { type: 'boolean', default: true, description: 'Accidental-deletion prevention.' },
        threshold: {
          type: 'integer',
          minimum: 0,
          default: 500,
          description: 'More disables and deletes than this in a cycle are held.',
        },
        trigger: {
          enum: ['gt', 'gte'],
          default: 'gt',
          description: 'gt: trips above the threshold; gte: when it is reached.',
        },
        percent: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 100,
          description:
            'Besides the threshold: holds when more than this percentage of the linked users, or of the linked groups, would go; two of a kind are never too many. Entra has no such rule.',
        },
        skipOutOfScope: {
          type: 'boolean',
          default: false,
          description: 'Leaves objects that go out of scope as they are.',
        },
      },
      description: 'What happens to accounts that leave.',
    },
    notify: {
      type: 'object',
      additionalProperties: false,
      properties: {
        email: {
          type: 'string',
          description: 'Address that is written to when the job enters quarantine; needs mail.',
        },
        webhook: { type: 'string', description: 'URL that gets the same news as JSON, by POST.' },
        onFailure: { type: 'boolean', default: false, description: 'Whether to notify; the check box of the portal.' },
      },
      description: 'Who is told when the job enters quarantine, or is in it for another reason.',
    },
    quarantine: {
      type: 'object',
      additionalProperties: false,
      properties: {
        minFailures: {
          type: 'integer',
          minimum: 0,
          default: 5000,
          description: 'Fewer failures never quarantine by count.',
        },
        proportion: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          default: 0.4,
          description: 'Share of failures that quarantines.',
        },
        baseMax: {
          type: 'integer',
          minimum: 0,
          default: 40000,
          description: 'Failures without references that quarantine.',
        },
        totalMax: {
          type: 'integer',
          minimum: 0,
          default: 60000,
          description: 'Failures with references that quarantine.',
        },
        onInitialCycle: {
          enum: ['quarantine', 'prune-and-pause'],
          default: 'quarantine',
          description:
            'When an initial cycle reaches a threshold: quarantine, or drop its escrows, finish, and pause the job.',
        },
      },
      description: 'Thresholds of quarantine; smaller ones help to reproduce it.',
    },
  },
} as const;

const api = {
  type: 'object',
  additionalProperties: false,
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['key', 'roles', 'permissions'],
        properties: {
          name: { type: 'string', description: 'What the caller is called in logs and audits.' },
          key: secret('What the caller sends after "Bearer"'),
          roles: {
            type: 'array',
            items: { enum: API_ROLES },
            description: 'Directory roles of the caller; managing jobs takes one.',
          },
          permissions: {
            type: 'array',
            items: { enum: API_PERMISSIONS },
            description:
              'Graph permissions of the caller; jobs are listed, created and deleted with Directory.ReadWrite.All.',
          },
          owns: {
            type: 'array',
            items: { type: 'string' },
            description: 'Applications in which the role Application Owner counts.',
          },
        },
      },
      description: 'Who may call.',
    },
    publicUrl: {
      type: 'string',
      description: 'What links in answers start with, when callers reach the daemon under another address.',
    },
    overrides: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description:
        'Where the bytes go for a tenant URL that is set through the API: local stand-ins, by tenant URL or what it begins with, such as its origin. The longest counts; the rest of the path is kept.',
    },
  },
} as const;

export const configSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scimulate configuration',
  type: 'object',
  additionalProperties: false,
  required: ['tenantId', 'directory', 'jobs'],
  properties: {
    tenantId: {
      type: 'string',
      pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
      examples: ['0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b'],
      description: 'The tenant, a UUID; it is part of job ids.',
    },
    defaultDomain: {
      type: 'string',
      description: 'Default verified domain of the tenant, for the expression function DefaultDomain.',
    },
    store: {
      type: 'string',
      minLength: 1,
      default: '.scimulate/state.db',
      description: 'The state file, or "memory".',
    },
    directory: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'path'],
      properties: {
        type: {
          const: 'file',
          notBuilt: {
            graph:
              'Microsoft Graph is not built as a directory. Export users and groups into a file and write "directory: { type: file, path: directory.yaml }".',
          },
          description: 'A file: YAML, JSON or NDJSON with users, groups and applications, or CSV with users.',
        },
        path: { type: 'string', minLength: 1, description: 'The directory file.' },
        mayBeEmpty: {
          type: 'boolean',
          default: false,
          description:
            'Whether a file that holds no users, or no groups, any more is meant. By default the cycle fails, and nothing is deprovisioned.',
        },
      },
      description: 'Where users and groups come from.',
    },
    mail: {
      type: 'object',
      additionalProperties: false,
      required: ['smtp'],
      properties: {
        smtp: secret('The SMTP server as a URL, smtps://user:password@mail.contoso.com'),
        from: { type: 'string', default: 'scimulate@localhost', description: 'Sender of notifications.' },
      },
      description: 'How notifications are sent by e-mail.',
    },
    daemon: {
      type: 'object',
      additionalProperties: false,
      properties: {
        listen: {
          type: 'string',
          default: '127.0.0.1:9464',
          description: 'Address of /healthz, /metrics and the API; "off" for none.',
        },
        lease: {
          type: 'string',
          default: 'PT30S',
          description: 'How long a process that died keeps its job from others on the same state.',
        },
        shutdown: { type: 'string', default: 'PT10S', description: 'How long a stop waits for requests in flight.' },
        logRetention: { type: 'string', default: 'P30D', description: 'How long provisioning logs are kept.' },
      },
      description: 'The long-running process: scimulate daemon.',
    },
    api: {
      ...api,
      description:
        "Management API of the daemon, compatible with Microsoft Graph's synchronization API (docs/graph-api.md).",
    },
    jobs: { type: 'array', minItems: 1, items: job, description: 'One job per application.' },
  },
} as const;
