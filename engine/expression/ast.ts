/** The tree of an expression (expressions.md 3). Every node knows its place in the text. */

type Span = {
  /** Offset in UTF-16 code units. */
  readonly start: number;
  readonly length: number;
};

type AttributeNode = Span & { readonly kind: 'attribute'; readonly name: string };

/**
 * Constants are text whatever their form: `1` and `"1"` are interchangeable. Hexadecimal is a `number` in decimal digits.
 * `name`: one of the bare constants, such as `IgnoreAttributeFlow`.
 */
type ConstantNode = Span & {
  readonly kind: 'constant';
  readonly form: 'text' | 'number' | 'name';
  readonly value: string;
};

/** `undefined` is an omitted argument, distinct from `""` and from null (G-6). */
export type CallNode = Span & {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly (ExpressionNode | undefined)[];
};

export type ComparisonOperator = '=' | '<>' | '>' | '>=' | '<' | '<=';

type ComparisonNode = Span & {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
};

/** Text concatenation with `&`, a compatibility extension (G-9). */
type ConcatNode = Span & {
  readonly kind: 'concat';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
};

export type ExpressionNode = AttributeNode | ConstantNode | CallNode | ComparisonNode | ConcatNode;

/** The nodes directly below, in order of the text, without omitted arguments. */
export function childrenOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.kind) {
    case 'call':
      return node.arguments.filter((argument) => argument !== undefined);
    case 'comparison':
    case 'concat':
      return [node.left, node.right];
    case 'attribute':
    case 'constant':
      return [];
  }
}

/** `node` and everything below it, in order of the text. */
export function* walk(node: ExpressionNode): Generator<ExpressionNode> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

/** Names of the attributes read anywhere in `node`, each once, in order of the text. */
export function attributesIn(node: ExpressionNode): readonly string[] {
  const names = new Set<string>();
  for (const below of walk(node)) if (below.kind === 'attribute') names.add(below.name);
  return [...names];
}

/** Names of the functions called anywhere in `node`, each once, in order of the text. */
export function functionsIn(node: ExpressionNode): readonly string[] {
  const names = new Set<string>();
  for (const below of walk(node)) if (below.kind === 'call') names.add(below.name);
  return [...names];
}
