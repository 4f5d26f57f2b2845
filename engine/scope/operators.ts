/** The scoping operators of the portal (mappings-and-scoping.md 6.2). One row per operator; empty values are handled before. */
import { compilePattern } from './pattern.ts';

export type ScopingOperator = {
  /** As written in the portal and in exports. */
  readonly name: string;
  readonly arity: 'unary' | 'binary';
  /** What an absent, null or empty attribute gives. */
  readonly whenEmpty: boolean;
  /** How several operand values combine. */
  readonly values: 'any' | 'none';
  /** Whether a non-empty attribute text fits one operand (unary: the empty text). */
  readonly fits: (attribute: string, operand: string) => boolean;
  /** Operand must be a non-negative integer, or a pattern. */
  readonly operand?: 'integer' | 'pattern';
};

const binary = (name: string, fits: ScopingOperator['fits'], rest: Partial<ScopingOperator> = {}): ScopingOperator => ({
  name,
  arity: 'binary',
  whenEmpty: false,
  values: 'any',
  fits,
  ...rest,
});

const unary = (name: string, whenEmpty: boolean, fits: (attribute: string) => boolean): ScopingOperator => ({
  name,
  arity: 'unary',
  whenEmpty,
  values: 'any',
  fits,
});

const matches = (attribute: string, pattern: string): boolean => compilePattern(pattern)?.(attribute) ?? false;

export const SCOPING_OPERATORS: readonly ScopingOperator[] = [
  binary('EQUALS', (attribute, operand) => attribute === operand),
  binary('NOT EQUALS', (attribute, operand) => attribute === operand, { values: 'none' }),
  unary('IS TRUE', false, (attribute) => attribute.toLowerCase() === 'true'),
  unary('IS FALSE', false, (attribute) => attribute.toLowerCase() === 'false'),
  unary('IS NULL', true, () => false),
  unary('IS NOT NULL', false, () => true),
  binary('REGEX MATCH', matches, { operand: 'pattern' }),
  binary('NOT REGEX MATCH', matches, { operand: 'pattern', values: 'none' }),
  binary('Greater_Than', (attribute, operand) => compareIntegers(attribute, operand, (a, b) => a > b), {
    operand: 'integer',
  }),
  binary('Greater_Than_OR_EQUALS', (attribute, operand) => compareIntegers(attribute, operand, (a, b) => a >= b), {
    operand: 'integer',
  }),
  binary('Includes', (attribute, operand) => attribute.includes(operand)),
  binary('ENDS_WITH', (attribute, operand) => attribute.endsWith(operand)),
  binary('&', (attribute, operand) => operand.includes(attribute)),
  binary('!&', (attribute, operand) => operand.includes(attribute), { values: 'none' }),
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
