/** `$filter`: text → predicate (graph-api.md 11.4, 12.3). Paths in any case, values with case unless a property says otherwise. */
import { badRequest, GraphError } from './graph-error.ts';
import { type FilterNode, type Operand, parseFilter } from './odata-parse.ts';

/** What a path reads from an entity. */
export type Property<T> =
  | { readonly kind: 'text'; readonly caseless?: boolean; readonly of: (entity: T) => string | null | undefined }
  | { readonly kind: 'number'; readonly of: (entity: T) => number }
  | { readonly kind: 'time'; readonly of: (entity: T) => string }
  | { readonly kind: 'texts'; readonly of: (entity: T) => readonly string[] };

/** @param propertyOf property of a lower-case path, undefined when filters cannot use it */
export type PropertyOf<T> = (path: readonly string[]) => Property<T> | undefined;

/** @throws GraphError 400 for a filter that cannot be read, or a property that filters cannot use */
export function compileFilter<T>(text: string, propertyOf: PropertyOf<T>): (entity: T) => boolean {
  return compileNode(parseFilter(text), propertyOf);
}

/** The parts of a filter all of which must hold. */
export function conjuncts(text: string): readonly FilterNode[] {
  const flatten = (node: FilterNode): readonly FilterNode[] =>
    node.kind === 'and' ? node.parts.flatMap(flatten) : [node];
  return flatten(parseFilter(text));
}

function compileNode<T>(node: FilterNode, propertyOf: PropertyOf<T>): (entity: T) => boolean {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => compileNode(part, propertyOf));
      return (entity) => parts.every((part) => part(entity));
    }
    case 'or': {
      const parts = node.parts.map((part) => compileNode(part, propertyOf));
      return (entity) => parts.some((part) => part(entity));
    }
    case 'not': {
      const part = compileNode(node.part, propertyOf);
      return (entity) => !part(entity);
    }
    case 'call': {
      const [whole, piece] = pairOf(node.left, node.right, propertyOf);
      const test = CALLS[node.name];
      return (entity) => test(String(whole(entity) ?? ''), String(piece(entity) ?? ''));
    }
    case 'compare': {
      const [left, right] = pairOf(node.left, node.right, propertyOf);
      const test = COMPARISONS[node.operator];
      return (entity) => test(left(entity), right(entity));
    }
    case 'any': {
      const property = propertyOf(node.path);
      if (property?.kind !== 'texts') throw unsupported(node.path);
      return (entity) => property.of(entity).includes(node.value);
    }
  }
}

type Value = string | number | boolean | null;

const CALLS: Readonly<Record<'contains' | 'startswith' | 'endswith', (whole: string, piece: string) => boolean>> = {
  contains: (whole, piece) => whole.includes(piece),
  startswith: (whole, piece) => whole.startsWith(piece),
  endswith: (whole, piece) => whole.endsWith(piece),
};

const ordered =
  (test: (sign: number) => boolean) =>
  (left: Value, right: Value): boolean => {
    if (left === null || right === null || typeof left !== typeof right) return false;
    return test(left < right ? -1 : left > right ? 1 : 0);
  };

const COMPARISONS: Readonly<
  Record<Extract<FilterNode, { kind: 'compare' }>['operator'], (left: Value, right: Value) => boolean>
> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: ordered((sign) => sign > 0),
  ge: ordered((sign) => sign >= 0),
  lt: ordered((sign) => sign < 0),
  le: ordered((sign) => sign <= 0),
};

type Read<T> = {
  readonly kind: Property<T>['kind'] | 'literal';
  readonly caseless: boolean;
  readonly of: (entity: T) => Value;
};

/** Both sides as readers of comparable values: times as numbers, texts without case where the property has none. */
function pairOf<T>(left: Operand, right: Operand, propertyOf: PropertyOf<T>): readonly [Read<T>['of'], Read<T>['of']] {
  const sides = [readOperand(left, propertyOf), readOperand(right, propertyOf)] as const;
  const asTime = sides.some(({ kind }) => kind === 'time');
  const asNumber = sides.some(({ kind }) => kind === 'number');
  const asText = sides.some(({ kind }) => kind === 'text');
  const caseless = sides.some((side) => side.caseless);
  const convert = (read: Read<T>): Read<T>['of'] => {
    const sample = read.kind === 'literal' ? read.of({} as T) : undefined;
    const given = sample !== undefined && sample !== null;
    if (given && asTime && !isTime(sample)) throw wrongType(sample, 'a time');
    if (given && asNumber && typeof sample !== 'number') throw wrongType(sample, 'a number');
    if (given && asText && typeof sample !== 'string') throw wrongType(sample, 'a text');
    if (asTime) return (entity) => timeOf(read.of(entity));
    if (!caseless) return read.of;
    return (entity) => {
      const value = read.of(entity);
      return typeof value === 'string' ? value.toLowerCase() : value;
    };
  };
  return [convert(sides[0]), convert(sides[1])];
}

function isTime(value: Value): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function timeOf(value: Value): Value {
  return typeof value === 'string' ? Date.parse(value) : value;
}

function readOperand<T>(operand: Operand, propertyOf: PropertyOf<T>): Read<T> {
  switch (operand.kind) {
    case 'literal':
      return { kind: 'literal', caseless: false, of: () => operand.value };
    case 'case': {
      const inner = readOperand(operand.of, propertyOf);
      const change = (text: string) => (operand.to === 'lower' ? text.toLowerCase() : text.toUpperCase());
      return {
        kind: inner.kind,
        caseless: inner.caseless,
        of: (entity) => {
          const value = inner.of(entity);
          return typeof value === 'string' ? change(value) : value;
        },
      };
    }
    case 'path': {
      const property = propertyOf(operand.path);
      if (property === undefined || property.kind === 'texts') throw unsupported(operand.path);
      return {
        kind: property.kind,
        caseless: property.kind === 'text' && property.caseless === true,
        of: (entity) => property.of(entity) ?? null,
      };
    }
  }
}

function unsupported(path: readonly string[]): GraphError {
  return new GraphError(
    400,
    'Request_UnsupportedQuery',
    `The property ${path.join('/')} cannot be used in a query here.`,
  );
}

function wrongType(value: string | number | boolean, wanted: string): GraphError {
  return badRequest(`'${value}' in the $filter is not ${wanted}.`);
}
