/** Functions on multi-valued attributes (expressions.md 8.1, 8.2). */
import { joinTexts, toPosition, toText, toTextOrNull, toTexts } from '../coerce.ts';
import { ExpressionError } from '../expression-error.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { isList, listOrNull, type Value } from '../value.ts';
import { reference } from './specification.ts';

const ATTRIBUTE = { name: 'attribute' } as const;

export const count: FunctionDefinition = {
  name: 'Count',
  summary: 'Gives the number of values of an attribute.',
  specification: reference('count'),
  parameters: [ATTRIBUTE],
  examples: [['Count([proxyAddresses])', '2', { proxyAddresses: ['smtp:a', 'smtp:b'] }]],
  evaluate: ([attribute]) => {
    if (attribute === undefined || attribute === null) return 0n;
    return BigInt(isList(attribute) ? attribute.length : 1);
  },
};

export const item: FunctionDefinition = {
  name: 'Item',
  summary: 'Gives the value at a 1-based index of a multi-valued attribute.',
  specification: reference('item'),
  parameters: [ATTRIBUTE, { name: 'index', takes: 'integer', read: readIndex }],
  examples: [['Item([proxyAddresses], 2)', 'smtp:b', { proxyAddresses: ['smtp:a', 'smtp:b'] }]],
  evaluate: ([attribute, index]) => {
    const texts = toTexts(attribute);
    const position = readIndex(index);
    const found = texts[position - 1];
    if (found === undefined) {
      throw new ExpressionError('IndexOutOfRange', `there is no value ${position}; the attribute has ${texts.length}`);
    }
    return found;
  },
};

function readIndex(value: Value | undefined): number {
  const index = toPosition(value);
  if (index < 1) throw new ExpressionError('IndexOutOfRange', `there is no value ${index}; they are counted from 1`);
  return index;
}

export const join: FunctionDefinition = {
  name: 'Join',
  summary: 'Puts texts together with a separator between them, leaving out those without a value.',
  specification: reference('join'),
  parameters: [{ name: 'separator' }, { name: 'source' }],
  repeat: 1,
  examples: [
    ['Join(" ", [givenName], [surname])', 'Ada Lovelace', { givenName: 'Ada', surname: 'Lovelace' }],
    ['Join(".", "x", "", [missing], "y")', 'x.y'],
  ],
  evaluate: (list) => {
    const texts: string[] = [];
    for (let index = 1; index < list.length; index += 1) {
      for (const text of toTexts(list[index])) if (text !== '') texts.push(text);
    }
    return joinTexts(texts, toText(list[0]));
  },
};

export const removeDuplicates: FunctionDefinition = {
  name: 'RemoveDuplicates',
  summary: 'Keeps the first of equal values.',
  specification: reference('removeduplicates'),
  parameters: [ATTRIBUTE],
  examples: [['RemoveDuplicates([tags])', ['x', 'y'], { tags: ['x', 'y', 'x'] }]],
  evaluate: ([attribute]) =>
    isList(attribute ?? null) ? listOrNull([...new Set(toTexts(attribute))]) : toTextOrNull(attribute),
};

export const split: FunctionDefinition = {
  name: 'Split',
  summary: 'Gives the trimmed parts of a text between delimiters.',
  specification: reference('split'),
  parameters: [{ name: 'source' }, { name: 'delimiter' }],
  examples: [['Split("PermissionSetOne, PermissionSetTwo", ",")', ['PermissionSetOne', 'PermissionSetTwo']]],
  evaluate: ([source, delimiter]) => {
    const text = toText(source);
    const separator = toText(delimiter);
    const parts = separator === '' ? [text] : text.split(separator);
    return listOrNull(parts.map((part) => part.trim()).filter((part) => part !== ''));
  },
};
