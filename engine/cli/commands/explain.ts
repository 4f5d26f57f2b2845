/**
 * `explain EXPRESSION`: parse tree, value of every sub-expression, result, on an object or on given attributes.
 * `explain --all`: every mapping row for one object beside what the target holds.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import isPlainObject from 'lodash/isPlainObject.js';
import { checkExpression, type ExpressionProblem } from '../../expression/check.ts';
import type { EvaluationContext } from '../../expression/function-definition.ts';
import { type ExpressionTrace, traceExpression } from '../../expression/trace.ts';
import { EngineError } from '../../model/engine-error.ts';
import { badUsage } from '../bad-usage.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { jsonDocument } from '../json-document.ts';
import { type ConfigOption, chosenJobs, openToLook } from '../open.ts';
import { DEFAULT_CONFIG } from '../program/options.ts';
import { explainHuman, problemHuman } from '../views/explain-human.ts';
import { explainRowsHuman } from '../views/explain-rows-human.ts';

export type ExplainOptions = ConfigOption & {
  readonly expression?: string;
  readonly input?: string;
  readonly object?: string;
  readonly job?: string;
  readonly all: boolean;
  readonly offline: boolean;
  readonly json: boolean;
};

type ExpressionOptions = ExplainOptions & { readonly expression: string };

export async function explain(io: Io, options: ExplainOptions): Promise<ExitCode> {
  const { expression, all } = options;
  if (options.har !== undefined && (!all || options.offline)) {
    throw badUsage('--har has nothing to record: only --all without --offline asks the target', 'leave it out');
  }
  if (all) return explainAll(io, options);
  if (expression !== undefined) return explainExpression(io, { ...options, expression });
  throw badUsage('no expression is given', `write scimulate explain 'Coalesce([mail],[userPrincipalName])', or --all`);
}

async function explainAll(io: Io, options: ExplainOptions): Promise<ExitCode> {
  const { expression, object, input } = options;
  if (expression !== undefined) throw badUsage('--all takes no expression', 'leave one of the two out');
  if (input !== undefined) throw badUsage('--all needs an object of the directory, not --input', 'write --object REF');
  if (object === undefined) throw badUsage('--all needs an object', 'name a user or group: --object REF');
  const { engine } = await openToLook(io, options);
  try {
    const [job = ''] = chosenJobs(engine, options.job);
    const explained = await engine.explain(job, object, { offline: options.offline, signal: io.signal });
    if (options.json) io.out(jsonDocument({ ...explained }));
    else io.out(`${explainRowsHuman(explained, io.width)}\n`);
    return explained.rows.some(({ state }) => state === 'error') ? EXIT.objectsFailed : EXIT.fine;
  } finally {
    await engine.close();
  }
}

async function explainExpression(io: Io, options: ExpressionOptions): Promise<ExitCode> {
  const problems = checkExpression(options.expression);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) return refuse(io, options, errors);
  const { source, ...context } = await sourceOf(io, options);
  const trace = traceExpression(options.expression, source, {
    now: new Date().toISOString(),
    random: randomBytes,
    ...context,
  });
  if (options.json) io.out(jsonDocument({ expression: options.expression, trace: toJson(trace) }));
  else io.out(`${explainHuman(trace)}\n`);
  const warnings = [...problems, ...misspelt(options.expression, source)];
  for (const warning of warnings) if (!options.json) io.err(`${problemHuman(options.expression, warning)}\n`);
  return trace.state === 'error' ? EXIT.usage : EXIT.fine;
}

/** Attributes that the object does not have, but that resemble one of its own. */
function misspelt(expression: string, source: unknown): readonly ExpressionProblem[] {
  const known = typeof source === 'object' && source !== null ? Object.keys(source) : [];
  const unknown = checkExpression(expression, { attributes: known }).filter(({ code }) => code === 'unknown-attribute');
  return unknown
    .filter(({ message }) => message.includes('did you mean'))
    .map((problem) => ({ ...problem, severity: 'warning' }));
}

function refuse(io: Io, options: ExpressionOptions, errors: readonly ExpressionProblem[]): ExitCode {
  if (options.json) io.out(jsonDocument({ expression: options.expression, problems: errors }));
  else for (const error of errors) io.err(`${problemHuman(options.expression, error)}\n`);
  return EXIT.usage;
}

type Source = { readonly source: unknown } & EvaluationContext;

async function sourceOf(io: Io, options: ExplainOptions): Promise<Source> {
  const { object, input } = options;
  if (object !== undefined && input !== undefined)
    throw badUsage('--object and --input exclude each other', 'leave one of the two out');
  const given = input === undefined ? {} : await readInput(io, input);
  // Without an object no configuration is needed; one that is named has its say.
  const isNamed = object !== undefined || options.job !== undefined || options.config !== DEFAULT_CONFIG;
  return isNamed ? ofJob(io, options, given) : { source: given };
}

async function readInput(io: Io, input: string): Promise<unknown> {
  try {
    const text = input.startsWith('@') ? await readFile(resolve(io.cwd, input.slice(1)), 'utf8') : input;
    const source = JSON.parse(text) as unknown;
    if (isPlainObject(source)) return source;
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw badInput(`--input ${problem}: ${error instanceof Error ? error.message : error}`);
  }
  throw badInput('--input is not an object of attributes');
}

function badInput(message: string): EngineError {
  return new EngineError(message, {
    category: 'configuration',
    code: 'bad-input',
    remedy: `write it like --input '{"mail":"ana@contoso.com"}' or --input @file.json`,
  });
}

/** The expression settings of the job, and the attributes of the object in its directory, or those `given`. */
async function ofJob(io: Io, options: ExplainOptions, given: unknown): Promise<Source> {
  const { object } = options;
  const { engine } = await openToLook(io, options);
  try {
    const [job = ''] = chosenJobs(engine, options.job);
    const context = engine.contextOf(job);
    return { ...context, source: object === undefined ? given : await engine.attributes(job, object) };
  } finally {
    await engine.close();
  }
}

function toJson(trace: ExpressionTrace): unknown {
  const { text, kind, children } = trace;
  const shared = { text, kind, state: trace.state, children: children.map(toJson) };
  if (trace.state === 'value') return { ...shared, value: trace.value ?? null };
  return trace.state === 'error'
    ? { ...shared, error: { code: trace.error.code, message: trace.error.message } }
    : shared;
}
