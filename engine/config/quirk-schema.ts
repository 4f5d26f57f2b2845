/** Options of the wire, each with the statement it comes from: part of `target` in the configuration, and `docs/quirks.md` (scim-wire.md 13). */
import { CLIENT_PROFILE_NAMES } from '../scim/client-profile.ts';

export const quirkProperties = {
  client: {
    enum: CLIENT_PROFILE_NAMES,
    description: 'Whose requests are sent. Default: what the application profile says, else entra.',
  },
  patchMode: {
    enum: ['legacy', 'aadOptscim062020'],
    description: 'PATCH dialect; the default comes from the flags of url.',
  },
  updateMethod: {
    enum: ['patch', 'put'],
    description: 'Updates as differences or as whole resources. Default: as the client does.',
  },
  userAgent: { type: 'string', description: 'User-Agent header; Entra sends none.' },
  managerRemoval: {
    enum: ['replaceEmpty', 'removeFiltered', 'removePath', 'removeValue', 'none'],
    default: 'replaceEmpty',
    description: 'How a removed manager is written.',
  },
  memberBatchSize: { type: 'integer', minimum: 1, default: 100, description: 'Members per PATCH.' },
  memberRefNull: { type: 'boolean', default: false, description: 'Writes "$ref": null beside each added member.' },
  legacyGroupSchema: {
    type: 'boolean',
    default: false,
    description: "Adds Microsoft's old group schema to group creates.",
  },
  postBooleanStrings: { type: 'boolean', default: false, description: 'Booleans of creates as "True" and "False".' },
  listExtensionSchemas: {
    type: 'boolean',
    default: true,
    description: 'Lists custom extension URNs in schemas of creates; false leaves them out.',
  },
  flowNullValues: {
    type: 'boolean',
    default: false,
    description: 'A source value that becomes empty clears the target attribute. Entra sends nothing.',
  },
  referenceProbe: {
    type: 'boolean',
    default: false,
    description: 'Asks by a filter whether the target holds a manager before writing it, as Entra once did.',
  },
  relinkOnConflict: {
    type: 'boolean',
    default: false,
    description: 'After 409 to a create, matches again at once and takes over the one resource that is found.',
  },
  onMissingLink: {
    enum: ['fail', 'rematch'],
    default: 'fail',
    description: 'When a linked resource answers 404: fail as Entra does (InvalidAnchor), or match again.',
  },
  onSharedTarget: {
    enum: ['link', 'fail'],
    default: 'link',
    description:
      'When two source objects match one resource: link both with a warning, or fail the second. Default for Meta Networks: fail.',
  },
  unmatchableCharacters: {
    type: 'string',
    description:
      'A matching value with one of these characters fails the object, as filter queries with special characters fail Entra.',
  },
  dropUnseenPurge: {
    type: 'boolean',
    default: false,
    description: 'Sends no DELETE for who was purged between two cycles, without a disable before; seen once in Entra.',
  },
  supportsSoftDelete: {
    type: 'boolean',
    default: true,
    description: 'false: users leaving scope are deleted, not disabled.',
  },
} as const;

/** The section of scim-wire.md, or the ruling, that each option comes from. */
export const QUIRK_SOURCES: Readonly<Record<keyof typeof quirkProperties, string>> = {
  client: 'wire 0.3, 11',
  patchMode: 'wire 1.4, 6.4',
  updateMethod: 'wire 11.2, gallery 5.2',
  userAgent: 'wire 1.2',
  managerRemoval: 'wire 6.6, R11',
  memberBatchSize: 'wire 8.3, R5',
  memberRefNull: 'wire 8.3',
  legacyGroupSchema: 'wire 8.1',
  postBooleanStrings: 'wire 5.1, R12',
  listExtensionSchemas: 'wire 5.1, R20',
  flowNullValues: 'wire 6.7',
  referenceProbe: 'wire 4.4',
  relinkOnConflict: 'wire 5.3, R3',
  onMissingLink: 'wire 4.3, R2',
  onSharedTarget: 'cycle D-09, 13.18',
  unmatchableCharacters: 'cycle 13.11',
  dropUnseenPurge: 'cycle 3.29, D-13, 13.20',
  supportsSoftDelete: 'cycle 3.12',
};
