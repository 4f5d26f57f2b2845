/** Source object → desired values at the target paths (mappings-and-scoping.md 2.3). References come in the later pass. */
import { ExpressionError } from '../expression/expression-error.ts';
import type { EvaluationContext } from '../expression/function-definition.ts';
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import { readPath } from '../scim/attribute-path.ts';
import type { CompiledObjectMapping, CompiledRow, SourceAttributes } from './compile-mapping.ts';
import { convertValue, isWritable } from './convert-value.ts';
import { decideFlow, type Flow, type MappingPurpose } from './flow-rules.ts';

/** What logs show in place of a value (expressions.md 8.2). */
export const REDACTED = '[Redact]';

/** No attribute of the target: a row that decides whether the object is created at all (expressions.md 5.6). */
const OBJECT_FILTER = 'objectFilter';

export type MappedObject = {
  /** Target path → value, in mapping order. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Target paths whose source has no value. */
  readonly empty: readonly string[];
  /** An expression said `IgnoreObjectFlow`: do not create. */
  readonly ignored: boolean;
};

export type MapOptions = {
  readonly purpose: MappingPurpose;
  /** The resource as the target holds it, for updates. */
  readonly current?: ScimResource;
  readonly context: EvaluationContext;
  /** Target path → value evaluated before, against the target: those of `SelectUniqueValue`. */
  readonly decided?: ReadonlyMap<string, unknown>;
};

/**
 * What the target should hold for `source`.
 * @throws EngineError `object` naming the target attribute when an expression fails on this object
 */
export function mapObject(mapping: CompiledObjectMapping, source: SourceAttributes, options: MapOptions): MappedObject {
  const values = new Map<string, JsonValue>();
  const empty: string[] = [];
  let ignored = false;
  for (const compiled of mapping.rows) {
    const flow = mapRow(compiled, source, options);
    if (flow.kind === 'value') values.set(compiled.path.text, flow.value);
    if (flow.kind === 'empty') empty.push(compiled.path.text);
    if (flow.kind === 'ignore-object') ignored = true;
  }
  return { values, empty, ignored };
}

/** What one row sends for `source`. @throws EngineError as `mapObject` */
export function mapRow(compiled: CompiledRow, source: SourceAttributes, options: MapOptions): Flow {
  const { current, purpose } = options;
  // Not even evaluated: a unique value found once would be looked for again (expressions.md 8.2).
  if (purpose === 'update' && compiled.row.apply === 'onCreate') return { kind: 'nothing' };
  if (!isWritable(compiled, purpose)) return { kind: 'nothing' };
  const { text } = compiled.path;
  const isDecided = options.decided?.has(text) === true;
  const decided = decideFlow(
    compiled.row,
    isDecided ? options.decided?.get(text) : evaluateRow(compiled, source, options.context),
    {
      purpose,
      current: current === undefined ? undefined : readPath(current, compiled.path),
      addsOnly: compiled.addsOnly,
    },
  );
  const flow = purpose === 'create' ? withDefault(compiled, decided) : decided;
  if (text === OBJECT_FILTER) return flow.kind === 'ignore-object' ? flow : { kind: 'nothing' };
  if (flow.kind !== 'value') return flow;
  const value = convertValue(flow.value, compiled);
  return value === flow.value ? flow : { kind: 'value', value };
}

/** A required attribute without a value takes the default of its definition (mappings-and-scoping.md 3.5). */
function withDefault({ attribute, row }: CompiledRow, flow: Flow): Flow {
  const value = attribute?.required === true ? attribute.definition?.default : undefined;
  const isEmpty =
    flow.kind === 'empty' ||
    (flow.kind === 'value' && flow.value === '') ||
    (flow.kind === 'nothing' && row.source.kind === 'none');
  return value === undefined || !isEmpty ? flow : { kind: 'value', value };
}

/** The row's value for `source`. @throws EngineError `object`, code `AttributeMappingFailed` */
export function evaluateRow(compiled: CompiledRow, source: SourceAttributes, context: EvaluationContext): unknown {
  try {
    return compiled.evaluate(source, context);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const text = compiled.row.source.kind === 'expression' ? compiled.row.source.text : '';
    // The message may quote the value.
    const what = compiled.redacted === true ? REDACTED : error.message;
    throw new EngineError(`the mapping of ${compiled.path.text} failed: ${what} (${error.code} in ${text})`, {
      category: 'object',
      code: 'AttributeMappingFailed',
      remedy: `try it with: scimulate explain '${text}' --object <user>`,
      cause: error,
    });
  }
}
