/** Plain data against a JSON Schema: Ajv's errors in the words of the person who wrote the file. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { suggest } from '../model/suggest.ts';
import type { Finding, KeyPath } from './finding.ts';

export type SchemaFinding = {
  readonly path: KeyPath;
  readonly finding: Finding;
  /** The content cannot be taken for what the schema describes. */
  readonly breaksShape?: boolean;
};

/** What an entry of each list is called. */
const ENTRIES: Readonly<Record<string, string>> = {
  jobs: 'a job',
  objects: 'an object mapping',
  map: 'a mapping row',
  where: 'a filter',
  preFilter: 'a filter',
  category: 'a filter',
  all: 'a clause',
  cases: 'a case',
};

/** Every finding at once; empty when `content` follows `schema`. */
export function checkSchema(schema: object, content: unknown): readonly SchemaFinding[] {
  const validate = validatorOf(schema);
  if (validate(content)) return [];
  const errors = validate.errors ?? [];
  const real = errors.filter((error) => error.keyword !== 'if' && !isBesideUnbuilt(error, errors));
  const shown = real.filter((error) => !isMisspelt(error, errors));
  const misspelt = shown.length < real.length;
  return shown.map((error) => ({ ...toFinding(error), breaksShape: misspelt || breaksShape(error) }));
}

const VALIDATORS = new WeakMap<object, ValidateFunction>();

/** Compiling costs more than checking: once per schema. */
function validatorOf(schema: object): ValidateFunction {
  const known = VALIDATORS.get(schema);
  if (known !== undefined) return known;
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true }).compile(schema);
  VALIDATORS.set(schema, validate);
  return validate;
}

/** Unknown keys and wrong values can be passed over; what is missing, of another type or of another kind cannot. */
function breaksShape({ keyword }: ErrorObject): boolean {
  return keyword === 'required' || keyword === 'type' || keyword === 'const';
}

/** A key is missing because it is there under a wrong name: that one finding is enough. */
function isMisspelt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  const missing = String(error.params.missingProperty);
  return errors.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      suggest(String(other.params.additionalProperty), [missing]) !== undefined,
  );
}

/** Why a value that is planned but not built is refused, with what to write instead; undefined for every other error. */
function whyNotBuilt({ keyword, parentSchema, data }: ErrorObject): string | undefined {
  if (keyword !== 'const') return undefined;
  return (parentSchema as { notBuilt?: Readonly<Record<string, string>> }).notBuilt?.[String(data)];
}

/** Settings of what is not built are not known here: they are neither wrong nor missing. */
function isBesideUnbuilt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword === 'const') return false;
  return errors.some(
    (other) =>
      whyNotBuilt(other) !== undefined &&
      error.instancePath === other.instancePath.slice(0, other.instancePath.lastIndexOf('/')),
  );
}

function toFinding(error: ErrorObject): SchemaFinding {
  const path = pathOf(error.instancePath);
  const name = placeName(path);
  const subject = capital(name);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const hint = didYouMean(key, known, 'Settings');
      return finding([...path, key], 'unknown-key', `"${key}" is not a setting of ${name}. ${hint}`, true);
    }
    case 'required':
      return finding(path, 'missing-key', `${subject} needs "${String(error.params.missingProperty)}".`, true);
    case 'enum': {
      const allowed = (error.params.allowedValues as readonly unknown[]).map(String);
      const hint = didYouMean(String(error.data), allowed, 'Use one of');
      return finding(path, 'bad-value', `${subject} cannot be "${String(error.data)}". ${hint}`);
    }
    case 'const': {
      const why = whyNotBuilt(error);
      if (why !== undefined) return finding(path, 'not-built', why);
      return finding(path, 'bad-value', `${subject} must be "${String(error.params.allowedValue)}".`);
    }
    case 'pattern':
      return finding(path, 'bad-value', `${subject} cannot be "${String(error.data)}".${exampleOf(error)}`);
    case 'minLength':
      return finding(path, 'bad-value', `${subject} must not be empty.`);
    case 'minItems':
      return finding(path, 'bad-value', `${subject} needs at least one entry.`);
    case 'type':
      return finding(path, 'wrong-type', `${subject} must be ${typeName(error.params.type)}.`);
    default:
      return finding(path, 'bad-value', `${subject} ${error.message ?? 'is not valid'}.`);
  }
}

function finding(path: KeyPath, code: string, summary: string, atKey = false): SchemaFinding {
  return { path, finding: { severity: 'error', code, summary, atKey } };
}

function didYouMean(name: string, known: readonly string[], list: string): string {
  const near = suggest(name, known);
  return near === undefined ? `${list}: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}

function exampleOf(error: ErrorObject): string {
  const [example] = (error.parentSchema as { examples?: readonly unknown[] }).examples ?? [];
  return example === undefined ? '' : ` Write it like ${String(example)}.`;
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a set of keys and values',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return [type]
    .flat()
    .map((one) => names[String(one)] ?? String(one))
    .join(' or ');
}

function pathOf(pointer: string): KeyPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** `jobs/0/target/auth` as a person says it: `target.auth`; `jobs/0`: "a job". */
function placeName(path: KeyPath): string {
  if (path.length === 0) return 'the file';
  if (typeof path.at(-1) === 'number') return ENTRIES[String(path.at(-2))] ?? `an entry of ${String(path.at(-2))}`;
  const last = path.findLastIndex((step) => typeof step === 'number');
  return path
    .slice(last + 1)
    .slice(-2)
    .join('.');
}

function capital(text: string): string {
  return /^(the|an?) /.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}
