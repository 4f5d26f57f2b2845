/** The options of expressions as JSON Schema: a job has them, and a mapping test of such a job (expressions.md 5.7). */
import { LONGEST_TIMER } from './transport-schema.ts';

export const expressionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    iifNullMode: {
      enum: ['logical', 'documentedLimitation'],
      default: 'logical',
      description:
        'IIF with an empty attribute in its condition. documentedLimitation: gives null, as the reference says.',
    },
    midOutOfRange: {
      enum: ['empty', 'error', 'input'],
      default: 'empty',
      description: 'What Mid gives when it starts behind the end.',
    },
    roleName: {
      enum: ['displayName', 'value'],
      default: 'displayName',
      description: 'The field of an app role that is its name.',
    },
    regexTimeoutMs: {
      type: 'integer',
      minimum: 1,
      maximum: LONGEST_TIMER,
      default: 1000,
      description: 'Longest run of a pattern that cannot be matched in linear time, in milliseconds.',
    },
  },
  description: 'Where the documentation of expressions leaves a choice.',
} as const;
