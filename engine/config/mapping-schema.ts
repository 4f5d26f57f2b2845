/** A mapping file as JSON Schema: the vocabulary of graph-api.md 14 from `objects:` down. */

const raw = {
  type: 'object',
  description:
    "Fields of an imported schema without a key here, in Graph's spelling. Export writes them back as they are.",
};

const clause = {
  type: 'object',
  additionalProperties: false,
  required: ['attr', 'op'],
  properties: {
    attr: { type: 'string', minLength: 1, description: 'Source attribute.' },
    op: {
      type: 'string',
      description: 'Operator, e.g. EQUALS, NOT EQUALS, IS TRUE, IS NULL, REGEX MATCH, Includes, ENDS_WITH.',
    },
    value: { type: ['string', 'number', 'boolean'], description: 'What to compare with.' },
    values: {
      type: 'array',
      items: { type: ['string', 'number', 'boolean'] },
      description: 'Several values: any of them, or none of them for operators with NOT.',
    },
    raw,
  },
};

const filters = (what: string) => ({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['all'],
    properties: {
      name: { type: 'string', description: 'Name of the filter, for reasons and logs.' },
      all: { type: 'array', items: clause, description: 'Clauses; every one must hold.' },
      raw,
    },
  },
  description: what,
});

const row = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: {
      type: 'string',
      description: 'Target path: userName, name.givenName, emails[type eq "work"].value, urn:…:User:department.',
    },
    from: { type: 'string', minLength: 1, description: 'A source attribute, copied.' },
    const: { type: ['string', 'number', 'boolean'], description: 'A fixed text.' },
    expr: {
      type: 'string',
      maxLength: 10000,
      description: 'An expression, e.g. Coalesce([mail],[userPrincipalName]).',
    },
    default: { type: ['string', 'number', 'boolean'], description: 'Sent on creation when the source is null.' },
    match: { type: 'integer', minimum: 1, description: 'Matching precedence, 1 first.' },
    apply: {
      enum: ['always', 'onCreate', 'addValues', 'noRemove', 'ifEmpty'],
      default: 'always',
      description:
        'onCreate: only when the account is created. addValues: values are added to a list, never removed. noRemove: written, never removed. ifEmpty: only while the target has no value.',
    },
    when: { enum: ['changed', 'everyCycle'], default: 'changed', description: 'Graph flowBehavior.' },
    raw,
  },
};

const object = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'from', 'to', 'map'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'Name of the object mapping, unique in the file.' },
    from: { enum: ['User', 'Group'], description: 'Source object.' },
    to: {
      type: 'string',
      pattern: '(^|:)([Uu]ser|[Gg]roup)$',
      examples: ['User, Group or urn:ietf:params:scim:schemas:core:2.0:Group'],
      description: 'Target object: User, Group or a schema URN that ends so.',
    },
    enabled: { type: 'boolean', default: true, description: 'Whether the object mapping takes part.' },
    actions: {
      type: 'array',
      items: { enum: ['create', 'update', 'delete'] },
      default: ['create', 'update', 'delete'],
      description: 'Target object actions that are allowed.',
    },
    where: filters('Scoping filters; one of them must pass.'),
    preFilter: filters('Graph inputFilterGroups: who is read. Leaving it deprovisions nobody.'),
    category: filters('Graph categoryFilterGroups.'),
    map: { type: 'array', minItems: 1, items: row, description: 'Attribute mappings.' },
    raw,
  },
};

const attribute = {
  type: 'object',
  additionalProperties: false,
  properties: {
    type: { enum: ['string', 'integer', 'reference', 'binary', 'boolean', 'datetime'], default: 'string' },
    key: { type: 'boolean', default: false, description: 'Graph anchor: the attribute that identifies the object.' },
    required: { type: 'boolean', default: false, description: 'An object cannot be created without it.' },
    multi: { type: 'boolean', default: false, description: 'Graph multivalued.' },
    caseExact: { type: 'boolean', default: false, description: 'Whether case counts when values are compared.' },
    access: { enum: ['rw', 'ro', 'immutable', 'wo'], default: 'rw', description: 'Graph mutability.' },
    refs: { type: 'array', items: { type: 'string' }, description: 'Objects a reference may point to.' },
    default: { type: ['string', 'number', 'boolean'], description: 'Value of a required attribute without one.' },
    sendNulls: { type: 'boolean', default: false, description: 'Graph flowNullValues.' },
    raw,
  },
};

const directory = {
  type: 'object',
  additionalProperties: false,
  required: ['objects'],
  properties: {
    objects: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['attributes'],
        properties: {
          attributes: { type: 'object', additionalProperties: attribute, description: 'Attributes by name.' },
          raw,
        },
      },
      description: 'Objects by name.',
    },
    raw,
  },
};

export const mappingSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scimulate mapping',
  type: 'object',
  additionalProperties: false,
  required: ['objects'],
  properties: {
    template: { type: 'string', minLength: 1, default: 'scim', description: 'Job ids start with it.' },
    objects: { type: 'array', minItems: 1, items: object, description: 'Object mappings, typically users and groups.' },
    directories: {
      type: 'object',
      additionalProperties: directory,
      description:
        'Directory definitions of an imported schema, by name. Without them export derives them from the rows.',
    },
    raw,
  },
} as const;
