/** A directory file as JSON Schema, for editors: attributes are open, the frame is not. */

const object = (what: string) => ({
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', description: `Object id of the ${what}; never changes.` },
    displayName: { type: ['string', 'null'], description: 'Display name.' },
    mail: { type: ['string', 'null'], description: 'Mail address.' },
    deletedDateTime: {
      type: ['string', 'null'],
      description: 'Set: in the recycle bin. Remove the object to purge it.',
    },
  },
});

const user = {
  ...object('user'),
  properties: {
    ...object('user').properties,
    userPrincipalName: { type: ['string', 'null'], description: 'Sign-in name. Guests: name_home.com#EXT#@tenant.' },
    accountEnabled: { type: 'boolean', default: true, description: 'false: sign-in is blocked.' },
    givenName: { type: ['string', 'null'], description: 'Given name.' },
    surname: { type: ['string', 'null'], description: 'Family name.' },
    jobTitle: { type: ['string', 'null'], description: 'Job title.' },
    department: { type: ['string', 'null'], description: 'Department.' },
    mailNickname: { type: ['string', 'null'], description: 'Mail alias.' },
    manager: {
      type: ['string', 'object', 'null'],
      description: 'Id, userPrincipalName, mail or display name of the manager.',
    },
  },
};

const group = {
  ...object('group'),
  properties: {
    ...object('group').properties,
    securityEnabled: { type: 'boolean', default: true, description: 'Only security groups can be assigned.' },
    members: {
      type: ['array', 'null'],
      items: { type: ['string', 'object'] },
      description: 'Direct members: ids, userPrincipalNames, mails or display names.',
    },
  },
};

const application = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'A job takes the assignments of the application it names.' },
    roles: {
      type: 'array',
      items: { type: ['string', 'object'] },
      description: 'App roles: names, or id, displayName and value.',
    },
    assignments: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        properties: {
          user: { type: 'string', description: 'The assigned user.' },
          group: { type: 'string', description: 'The assigned group; its direct members are assigned with it.' },
          role: { type: 'string', description: 'App role; without one it is Default Access.' },
        },
      },
      description: 'Who is assigned.',
    },
  },
};

export const directorySchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Scimulate directory',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', description: 'Name of the organisation.' },
    tenantId: { type: 'string', description: 'The tenant, for the reader.' },
    users: { type: 'array', items: user, description: 'Users.' },
    groups: { type: 'array', items: group, description: 'Groups with their members.' },
    applications: { type: 'array', items: application, description: 'Applications with roles and assignments.' },
  },
} as const;
