/** Functions on whole numbers (expressions.md 8.2). */
import { toInteger } from '../coerce.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { reference } from './specification.ts';

export const bitAnd: FunctionDefinition = {
  name: 'BitAnd',
  summary: 'Combines two numbers bit by bit: 1 where both have 1.',
  specification: reference('bitand'),
  parameters: [
    { name: 'value1', takes: 'integer' },
    { name: 'value2', takes: 'integer' },
  ],
  examples: [['BitAnd([userAccountControl], &H2)', '2', { userAccountControl: '514' }]],
  evaluate: ([value1, value2]) => toInteger(value1) & toInteger(value2),
};
