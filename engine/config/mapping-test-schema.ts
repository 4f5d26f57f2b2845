/** A mapping test as JSON Schema: given attributes, expected target attributes, in scope or not and why. */
import { expressionsSchema } from './expressions-schema.ts';

const text = (description: string) => ({ type: 'string', description });
const values = (description: string) => ({ type: 'object', description });

const testCase = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'given'],
  properties: {
    name: text('What the case shows.'),
    object: text('Name of the object mapping; without it the first one of the mapping file.'),
    given: values(
      "Attributes of the object as a directory file writes them, under Graph's names or the provisioning service's. accountEnabled: false blocks sign-in, deletedDateTime puts it into the recycle bin.",
    ),
    assigned: {
      type: ['boolean', 'string', 'array'],
      items: { type: 'string' },
      default: true,
      description:
        'Whether the object is assigned to the application, or its app role, or a list of roles. true: with the role User, which counts for every job; "Default Access": without a role.',
    },
    holds: values('What the target holds already, by target path: the case is an update. Without it, a creation.'),
    taken: {
      type: 'array',
      items: { type: 'string' },
      description: 'Values that SelectUniqueValue finds in use.',
    },
    expect: values('Target path → the value that flows; null: nothing flows.'),
    only: {
      type: 'boolean',
      default: false,
      description: 'true: "expect" is the whole list, and anything else that flows is a failure.',
    },
    fails: values('Target path → code of the error with which its expression fails, such as InvalidDate.'),
    inScope: { type: 'boolean', default: true, description: 'Whether the object takes part.' },
    because: text('Occurs in the reason for being in or out of scope.'),
  },
};

export const mappingTestSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scimulate mapping test',
  type: 'object',
  additionalProperties: false,
  required: ['cases'],
  properties: {
    mapping: text('The mapping file, relative to this one; without it the file of the same name without ".test".'),
    now: { type: 'string', default: '2026-01-01T00:00:00.000Z', description: 'The time that Now() gives.' },
    defaultDomain: text('What DefaultDomain() gives.'),
    scope: {
      enum: ['assigned', 'all'],
      default: 'assigned',
      description: 'As in the job: who is assigned, or all users and groups.',
    },
    defaultAccess: {
      enum: ['provision', 'skip'],
      description: 'As in the job: whether an assignment without an app role counts. The default follows the template.',
    },
    expressions: {
      ...expressionsSchema,
      description: 'As in the job: where the documentation of expressions leaves a choice.',
    },
    cases: { type: 'array', minItems: 1, items: testCase, description: 'Objects and what becomes of them.' },
  },
} as const;
