/** The scoping operators of the portal (mappings-and-scoping.md 6.2). One row per operator; empty values are handled before. */
import type { CompilePattern } from './pattern.ts';

export type AttributeType = 'String' | 'Integer' | 'Boolean' | 'Binary' | 'DateTime' | 'Reference';

export type ScopingOperator = {
  /** As written in the portal and in exports. */
  readonly name: string;
  /** When a clause is true, for a person. */
  readonly meaning: string;
  readonly arity: 'unary' | 'binary';
  /** Attribute types the service offers it for. */
  readonly types: readonly AttributeType[];
  /** What an absent, null or empty attribute gives. */
  readonly whenEmpty: boolean;
  /** How several operand values combine: any may fit, or none may. */
  readonly values: 'any' | 'none';
  /** Whether a non-empty attribute text fits one operand (unary: the empty text). Patterns are compiled here, once. */
  readonly fits: (operand: string, compilePattern: CompilePattern) => (attribute: string) => boolean;
  /** Operand must be a non-negative integer, or a pattern. */
  readonly operand?: 'integer' | 'pattern';
};

type Row = Pick<ScopingOperator, 'meaning' | 'fits'> & Partial<ScopingOperator>;

const TEXT: readonly AttributeType[] = ['String', 'Integer'];
const ANY: readonly AttributeType[] = ['Integer', 'String', 'Binary', 'Boolean'];

const binary = (name: string, row: Row): ScopingOperator => ({
  name,
  arity: 'binary',
  types: TEXT,
  whenEmpty: false,
  values: 'any',
  ...row,
});

const unary = (name: string, row: Row): ScopingOperator => ({ ...binary(name, row), arity: 'unary' });

const equals: ScopingOperator['fits'] = (operand) => (attribute) => attribute === operand;
const matches: ScopingOperator['fits'] = (operand, compilePattern) => compilePattern(operand);
const occursIn: ScopingOperator['fits'] = (operand) => (attribute) => operand.includes(attribute);

export const SCOPING_OPERATORS: readonly ScopingOperator[] = [
  binary('EQUALS', { meaning: 'the value is the operand, case and all', fits: equals }),
  binary('NOT EQUALS', { meaning: 'there is a value and it is not the operand', values: 'none', fits: equals }),
  unary('IS TRUE', {
    meaning: 'the value is true',
    types: ['Boolean'],
    fits: () => (attribute) => attribute.toLowerCase() === 'true',
  }),
  unary('IS FALSE', {
    meaning: 'the value is false; an empty one is not',
    types: ['Boolean'],
    fits: () => (attribute) => attribute.toLowerCase() === 'false',
  }),
  unary('IS NULL', { meaning: 'there is no value', types: ANY, whenEmpty: true, fits: () => () => false }),
  unary('IS NOT NULL', { meaning: 'there is a value', types: ANY, fits: () => () => true }),
  binary('REGEX MATCH', { meaning: 'the pattern is found in the value', operand: 'pattern', fits: matches }),
  binary('NOT REGEX MATCH', {
    meaning: 'there is a value and the pattern is not found in it',
    operand: 'pattern',
    values: 'none',
    fits: matches,
  }),
  binary('Greater_Than', {
    meaning: 'the whole number is greater than the operand',
    types: ['Integer'],
    operand: 'integer',
    fits: (operand) => (attribute) => compareIntegers(attribute, operand, (a, b) => a > b),
  }),
  binary('Greater_Than_OR_EQUALS', {
    meaning: 'the whole number is the operand or greater',
    types: ['Integer'],
    operand: 'integer',
    fits: (operand) => (attribute) => compareIntegers(attribute, operand, (a, b) => a >= b),
  }),
  binary('Includes', {
    meaning: 'the value contains the operand, case and all',
    types: ['String'],
    fits: (operand) => (attribute) => attribute.includes(operand),
  }),
  binary('ENDS_WITH', {
    meaning: 'the value ends with the operand, case and all',
    types: ['String'],
    fits: (operand) => (attribute) => attribute.endsWith(operand),
  }),
  binary('&', { meaning: 'the value occurs in the operand', types: ['String'], fits: occursIn }),
  binary('!&', {
    meaning: 'there is a value and it does not occur in the operand',
    types: ['String'],
    values: 'none',
    fits: occursIn,
  }),
];

const BY_NAME = new Map(SCOPING_OPERATORS.map((operator) => [operator.name.toLowerCase(), operator]));

/** The operator of this name, case aside; undefined when there is none. */
export function findOperator(name: string): ScopingOperator | undefined {
  return BY_NAME.get(name.trim().toLowerCase());
}

function compareIntegers(attribute: string, operand: string, holds: (a: bigint, b: bigint) => boolean): boolean {
  if (!/^\d+$/.test(attribute) || !/^\d+$/.test(operand)) return false;
  return holds(BigInt(attribute), BigInt(operand));
}
