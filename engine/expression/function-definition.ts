/** The shape every function of the language has, and what an evaluation gives to it. */
import type { ExpressionNode } from './ast.ts';
import type { DateTimeValue } from './date-time.ts';
import type { DotNetRegex } from './regex.ts';
import type { Value } from './value.ts';

/** Options that change evaluation (expressions.md 5.7); the documented default comes first. */
export type EvaluationOptions = {
  /** What `IIF` does when an attribute of its condition is null or empty. `documentedLimitation`: yields null. */
  readonly iifNullMode?: 'logical' | 'documentedLimitation';
  /** `on`: a `Switch` whose source attributes are not in `changedAttributes` yields null, as observed in incremental cycles. */
  readonly switchUnchangedQuirk?: 'off' | 'on';
  /** What `Mid` gives when start lies beyond the end. */
  readonly midOutOfRange?: 'empty' | 'error' | 'input';
  /** The field of an app role that is its name. */
  readonly roleName?: 'displayName' | 'value';
  /** Longest run of one regular expression that cannot be matched in linear time. Default 1000. */
  readonly regexTimeoutMs?: number;
};

/** Everything an expression may know besides the source object. All of it is optional. */
export type EvaluationContext = {
  /** The clock, ISO 8601; `Now` and dates without a year need it. One value for the whole evaluation. */
  readonly now?: string;
  /** Values already taken in the mapped target attribute, for `SelectUniqueValue`. */
  readonly existing?: readonly string[];
  /** As `existing`, when the taken values are not at hand as a list. */
  readonly isTaken?: (value: string) => boolean;
  /** Whether the mapped target attribute is case-exact, for `SelectUniqueValue`. Default false. */
  readonly caseExact?: boolean;
  /** So many unpredictable bytes; `Guid` and `RandomString` need it. */
  readonly random?: (bytes: number) => Uint8Array;
  /** The next unique id; when given, `Guid` takes it instead of random bytes. */
  readonly nextId?: () => string;
  /** Default verified domain of the tenant, for `DefaultDomain`. */
  readonly defaultDomain?: string;
  /** Called when `Redact` is evaluated: the value must not appear in a log. */
  readonly redact?: () => void;
  /** Source attributes that changed since the last cycle, for `switchUnchangedQuirk`. */
  readonly changedAttributes?: readonly string[];
  readonly options?: EvaluationOptions;
};

/** One evaluation: the context behind functions that fail with a code when something is missing. */
export type EvaluationRun = {
  readonly context: EvaluationContext;
  readonly options: EvaluationOptions;
  /** The source attribute `name`. */
  attribute(name: string): Value;
  /** @throws ExpressionError `MissingContext` */
  now(): DateTimeValue;
  /** @throws ExpressionError `MissingContext` */
  random(bytes: number): Uint8Array;
  /** The compiled pattern, from a cache of the expression. @throws ExpressionError `InvalidRegex` */
  readonly regex: (pattern: string) => DotNetRegex;
  /** Accounts for work. @throws ExpressionError `LimitExceeded` */
  spend(steps: number): void;
};

/** Undefined: the argument is omitted, which is not the same as null. */
export type Arguments = readonly (Value | undefined)[];

/** Arguments that are evaluated when called with the run. */
type LazyArguments = readonly (((run: EvaluationRun) => Value) | undefined)[];

/** The arguments of a call in the text; undefined: omitted. */
export type WrittenArguments = readonly (ExpressionNode | undefined)[];

export type FunctionParameter = {
  /** As in the documentation. */
  readonly name: string;
  /** Key in Graph's `attributeMappingSource` where it is known to differ from `name`. */
  readonly key?: string;
  readonly optional?: boolean;
  /** What the argument must be; other arguments take any value. */
  readonly takes?: 'integer' | 'number' | 'interval' | 'dateTime';
  /** Reads what a constant says, where not every text will do. @throws ExpressionError when it can never be right */
  readonly read?: (text: string) => unknown;
};

/** Expression, its result in text form, and the source object when one is needed. */
export type FunctionExample = readonly [
  expression: string,
  result: string | readonly string[] | null,
  source?: Readonly<Record<string, unknown>>,
];

type FunctionDescription = {
  readonly name: string;
  /** One sentence in the third person. */
  readonly summary: string;
  /** URL of the documentation. */
  readonly specification: string;
  readonly parameters: readonly FunctionParameter[];
  /** So many parameters at the end may be repeated as a group. */
  readonly repeat?: number;
  /** A second, shorter list of parameters. */
  readonly alternative?: readonly FunctionParameter[];
  /** Why `validate` warns about it: the function is not in the app-provisioning reference. */
  readonly undocumented?: string;
  /** What the result always is, where that rules out some uses. */
  readonly gives?: 'boolean' | 'dateTime';
  /** Whether arguments as they are written can go together. @throws ExpressionError when they fail for every object */
  readonly checkCall?: (written: WrittenArguments) => void;
  readonly examples: readonly FunctionExample[];
};

export type StrictFunction = FunctionDescription & {
  /** All arguments are evaluated before the call; none is a control value. */
  readonly evaluate: (list: Arguments, run: EvaluationRun) => Value;
};

export type LazyFunction = FunctionDescription & {
  /** @param reads the attributes each argument reads, by position */
  readonly evaluateLazily: (list: LazyArguments, run: EvaluationRun, reads: readonly (readonly string[])[]) => Value;
};

export type FunctionDefinition = StrictFunction | LazyFunction;

/** The parameter of each of `count` arguments, or undefined when the function does not take so many. */
export function parametersFor(definition: FunctionDefinition, count: number): readonly FunctionParameter[] | undefined {
  const { parameters, repeat = 0, alternative } = definition;
  if (alternative?.length === count) return alternative;
  if (count <= parameters.length) {
    const rest = parameters.slice(count);
    return repeat === 0 && rest.every((parameter) => parameter.optional === true)
      ? parameters.slice(0, count)
      : exactly(parameters, count);
  }
  const group = repeat === 0 ? [] : parameters.slice(-repeat);
  if (group.length === 0 || (count - parameters.length) % group.length !== 0) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const repeated = group[(index - parameters.length) % group.length];
    return parameters[index] ?? repeated ?? { name: 'value' };
  });
}

function exactly(parameters: readonly FunctionParameter[], count: number): readonly FunctionParameter[] | undefined {
  return parameters.length === count ? parameters : undefined;
}

/** The signature for people: `Mid(source, start, length)`, optional parameters in brackets. */
export function signatureOf({ name, parameters, repeat = 0 }: FunctionDefinition): string {
  const shown = parameters.map((parameter) => (parameter.optional === true ? `[${parameter.name}]` : parameter.name));
  return `${name}(${[...shown, ...(repeat > 0 ? ['…'] : [])].join(', ')})`;
}
