/** Error bodies of every shape: SCIM 2.0, SCIM 1.1, vendor JSON, plain text, HTML. Reading one never fails (scim-wire.md 9.1). */
import { parseAnswer } from './parse-answer.ts';

export type ErrorBody = {
  /** What the target says, in one line of a readable length. */
  readonly detail?: string;
  readonly scimType?: string;
  readonly status?: number;
  /** The target's own number for the error, e.g. 1789003; else its `scimType`. */
  readonly targetCode?: string;
};

type Fields = Readonly<Record<string, unknown>>;

const READABLE = 500;
/** Text beyond this is not searched. */
const SEARCHED = 10_000;

/** What can be learnt from the body of an error answer: parsed JSON, or text that may hold JSON. */
export function readErrorBody(body: unknown): ErrorBody {
  if (typeof body === 'string') return readText(body);
  if (!isFields(body)) return {};
  const errors = body.Errors ?? body.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (isFields(first)) return readFields(first);
  if (typeof first === 'string') return readFields({ ...body, detail: body.detail ?? first });
  return readFields(isFields(body.error) ? body.error : body);
}

function readFields(fields: Fields): ErrorBody {
  const detail = [
    fields.detail,
    fields.description,
    fields.message,
    fields.error_description,
    fields.error,
    fields.title,
  ]
    .map(asText)
    .find((value) => value !== '');
  const { scimType } = fields;
  const status =
    httpStatus(fields.status) ?? (vendorCode(fields.code) === undefined ? httpStatus(fields.code) : undefined);
  const targetCode = vendorCode(fields.code) ?? numberIn(detail ?? '') ?? (isText(scimType) ? scimType : undefined);
  return {
    ...(detail === undefined ? {} : { detail: readable(detail) }),
    ...(isText(scimType) ? { scimType } : {}),
    ...(status === undefined ? {} : { status }),
    ...(targetCode === undefined ? {} : { targetCode }),
  };
}

/** The status in a number or text such as "400" or "400 Bad Request". SCIM 1.1 calls it `code`. */
function httpStatus(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const digits = /^\s*([1-5]\d\d)(?!\d)/.exec(String(value))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A vendor's own number or name; not the HTTP status that SCIM 1.1 writes there. */
function vendorCode(value: unknown): string | undefined {
  if (typeof value !== 'number' && !isText(value)) return undefined;
  return /^[45]\d\d$/.test(String(value)) ? undefined : String(value);
}

function readText(text: string): ErrorBody {
  const parsed = parseAnswer(text);
  if ('value' in parsed && typeof parsed.value === 'object' && parsed.value !== null)
    return readErrorBody(parsed.value);
  const start = text.slice(0, SEARCHED);
  const broken = /^\s*[{[]/.test(start) ? readFields(brokenFields(start)) : {};
  if (broken.detail !== undefined || broken.targetCode !== undefined) return broken;
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(start)?.[1];
  const plain = title ?? start.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>|<[^>]*>/gi, ' ');
  const detail = readable(plain);
  const targetCode = numberIn(detail);
  return { ...(detail === '' ? {} : { detail }), ...(targetCode === undefined ? {} : { targetCode }) };
}

/** A vendor number in text: `1789003: …`, `(#1789003) …`, `… error code 1789003`. Other long numbers are ids or phone numbers. */
function numberIn(text: string): string | undefined {
  return (/^\(?#?(\d{4,})\b/.exec(text) ?? /\b(?:code|error)\b[\s:=#("']{0,4}(\d{4,})\b/i.exec(text))?.[1];
}

/** The members that matter, out of JSON that broke off: the first of each name, the last one perhaps without its end. */
function brokenFields(text: string): Fields {
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, number] of text.matchAll(MEMBER)) {
    if (!fields.has(name)) fields.set(name, quoted?.replace(/\\(["\\/])/g, '$1') ?? number ?? '');
  }
  return Object.fromEntries(fields);
}

const MEMBER =
  /"(detail|description|message|error_description|title|code|scimType|status)"\s*:\s*(?:"((?:[^"\\]|\\.)*)|(\d+))/g;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Some give a list of sentences. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.filter(isText).join('; ');
  return typeof value === 'string' ? value : '';
}

/** Stack traces and pages have many lines; a report has one for each failure. */
function readable(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > READABLE ? `${line.slice(0, READABLE)}…` : line;
}
