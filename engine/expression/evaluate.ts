/** Tree → closures, once; closures + source object → value, many times (expressions.md 5). */
import { attributesIn, type ExpressionNode, functionsIn } from './ast.ts';
import { assertExpression } from './check.ts';
import { compareBy, toText } from './coerce.ts';
import { IgnoreAttributeFlow, IgnoreObjectFlow, isControl } from './control.ts';
import { SourceRun } from './evaluation-run.ts';
import { ExpressionError } from './expression-error.ts';
import type {
  EvaluationContext,
  EvaluationRun,
  FunctionDefinition,
  LazyFunction,
  StrictFunction,
} from './function-definition.ts';
import { findFunction, findFunctionIgnoringCase } from './functions/index.ts';
import { assertTextLength } from './limits.ts';
import { parseExpression } from './parse.ts';
import { createRegexCache } from './regex.ts';
import { type ExpressionResult, isList, readAttribute, toResult, type Value } from './value.ts';

export type CompileOptions = {
  /** For imports: `tolower` is read as `ToLower` (G-1). */
  readonly caseInsensitiveFunctions?: boolean;
};

export type CompiledExpression = {
  readonly text: string;
  /** Function names as they are spelt in the reference. */
  readonly tree: ExpressionNode;
  /** Source attributes the expression reads, in order of the text. */
  readonly attributes: readonly string[];
  /** Functions it calls, in order of the text. */
  readonly functions: readonly string[];
  /**
   * The value for `source` in text form. Only own properties of `source` are read.
   * @throws ExpressionError and nothing else
   */
  readonly evaluate: (source: unknown, context?: EvaluationContext) => ExpressionResult;
};

/** Hears of every value and error, for `explain`. */
export type EvaluationObserver = {
  readonly value: (node: ExpressionNode, value: Value) => void;
  readonly failure: (node: ExpressionNode, error: ExpressionError) => void;
};

type Evaluate = (run: SourceRun) => Value;

/**
 * `text` parsed, checked and made ready to run.
 * @throws ExpressionError for the first error in the text: syntax, unknown function, number of arguments, place of SelectUniqueValue
 */
export function compileExpression(text: string, options: CompileOptions = {}): CompiledExpression {
  const parsed = parseExpression(text);
  const tree = options.caseInsensitiveFunctions === true ? spellFunctions(parsed) : parsed;
  assertExpression(tree);
  return {
    text,
    tree,
    attributes: attributesIn(tree),
    functions: functionsIn(tree),
    evaluate: compileTree(tree),
  };
}

/** The evaluation of a checked tree. */
export function compileTree(tree: ExpressionNode, observer?: EvaluationObserver): CompiledExpression['evaluate'] {
  const evaluate = compileNode(tree, observer);
  const regex = createRegexCache();
  return (source, context = {}) => {
    try {
      return toResult(evaluate(new SourceRun(source, context, regex)));
    } catch (error) {
      throw asExpressionError(error, tree);
    }
  };
}

function spellFunctions(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case 'call': {
      const name = findFunctionIgnoringCase(node.name)?.name ?? node.name;
      return { ...node, name, arguments: node.arguments.map((argument) => argument && spellFunctions(argument)) };
    }
    case 'comparison':
    case 'concat':
      return { ...node, left: spellFunctions(node.left), right: spellFunctions(node.right) };
    case 'attribute':
    case 'constant':
      return node;
  }
}

function compileNode(node: ExpressionNode, observer: EvaluationObserver | undefined): Evaluate {
  const evaluate = compileKind(node, observer);
  if (observer === undefined) return evaluate;
  return (run) => {
    try {
      const value = evaluate(run);
      observer.value(node, value);
      return value;
    } catch (error) {
      const located = asExpressionError(error, node);
      observer.failure(node, located);
      throw located;
    }
  };
}

function compileKind(node: ExpressionNode, observer: EvaluationObserver | undefined): Evaluate {
  switch (node.kind) {
    case 'attribute':
      return ({ source }) => readAttribute(source, node.name);
    case 'constant': {
      const value = constantValue(node.form, node.value);
      return () => value;
    }
    case 'call':
      return compileCall(node, observer);
    case 'comparison': {
      const left = compileNode(node.left, observer);
      const right = compileNode(node.right, observer);
      return locating(node, (run) => compareBy(node.operator, spent(run, left(run)), spent(run, right(run))));
    }
    case 'concat': {
      const left = compileNode(node.left, observer);
      const right = compileNode(node.right, observer);
      return locating(node, (run) => {
        const [first, second] = [toText(spent(run, left(run))), toText(spent(run, right(run)))];
        assertTextLength(first.length + second.length);
        return first + second;
      });
    }
  }
}

function constantValue(form: 'text' | 'number' | 'name', value: string): Value {
  if (form === 'name' && value === 'IgnoreAttributeFlow') return IgnoreAttributeFlow;
  if (form === 'name' && value === 'IgnoreObjectFlow') return IgnoreObjectFlow;
  return value;
}

function compileCall(
  node: ExpressionNode & { readonly kind: 'call' },
  observer: EvaluationObserver | undefined,
): Evaluate {
  const definition = findFunction(node.name);
  if (definition === undefined) throw new ExpressionError('UnknownFunction', node.name, { position: node.start });
  const list = node.arguments.map((argument) => argument && compileNode(argument, observer));
  const evaluate = isLazy(definition) ? compileLazyCall(definition, node, list) : compileStrictCall(definition, list);
  return locating(node, (run) => {
    run.spend(1);
    return evaluate(run);
  });
}

function isLazy(definition: FunctionDefinition): definition is LazyFunction {
  return 'evaluateLazily' in definition;
}

function compileStrictCall(definition: StrictFunction, list: readonly (Evaluate | undefined)[]): Evaluate {
  // A loop and not `map`: this runs for every call of every object.
  return (run) => {
    const values: (Value | undefined)[] = [];
    for (const argument of list)
      values.push(argument === undefined ? undefined : refuseControl(spent(run, argument(run))));
    const value = definition.evaluate(values, run);
    if (typeof value === 'string') assertTextLength(value.length);
    return value;
  };
}

function compileLazyCall(
  definition: LazyFunction,
  node: ExpressionNode & { readonly kind: 'call' },
  list: readonly (Evaluate | undefined)[],
): Evaluate {
  const reads = node.arguments.map((argument) => (argument === undefined ? [] : attributesIn(argument)));
  // Every run is a SourceRun; functions see the part of it they may use.
  const lazily = list.map(
    (argument) => argument && ((run: EvaluationRun) => spent(run as SourceRun, argument(run as SourceRun))),
  );
  return (run) => definition.evaluateLazily(lazily, run, reads);
}

/** Accounts for the size of a value that a function is going to look at. */
function spent(run: SourceRun, value: Value): Value {
  if (typeof value === 'string') run.spend(value.length);
  else if (typeof value !== 'object') return value;
  else if (value !== null && isList(value)) {
    for (const item of value) run.spend(typeof item === 'string' ? item.length + 1 : 1);
  }
  return value;
}

function refuseControl(value: Value): Value {
  if (!isControl(value)) return value;
  throw new ExpressionError('InvalidArgument', `${value.name} cannot be an argument here`);
}

/** Errors from within `evaluate` that do not know their place yet get the place of `node`. */
function locating(node: ExpressionNode, evaluate: Evaluate): Evaluate {
  return (run) => {
    try {
      return evaluate(run);
    } catch (error) {
      throw asExpressionError(error, node);
    }
  };
}

function asExpressionError(error: unknown, node: ExpressionNode): ExpressionError {
  if (error instanceof ExpressionError && error.position >= 0) return error;
  const prefix = node.kind === 'call' ? `${node.name}: ` : '';
  const place = { position: node.start, length: node.kind === 'call' ? node.name.length : node.length };
  if (error instanceof ExpressionError) {
    return new ExpressionError(error.code, prefix + error.message, { ...place, cause: error.cause });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ExpressionError('EvaluationFailed', prefix + message, { ...place, cause: error });
}
