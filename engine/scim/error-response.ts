/** Error bodies of every shape: SCIM 2.0, SCIM 1.1, vendor JSON, plain text, HTML. Reading one never fails (scim-wire.md 9.1). */

export type ErrorBody = {
  /** What the target says, cut to a readable length. */
  readonly detail?: string;
  readonly scimType?: string;
  readonly status?: number;
  /** The target's own number or name for the error, e.g. 1789003. */
  readonly targetCode?: string;
};

const READABLE = 500;

/** What can be learnt from the body of an error answer. */
export function readErrorBody(body: unknown): ErrorBody {
  if (typeof body === 'string') return readText(body);
  if (typeof body !== 'object' || body === null) return {};
  const record = body as Readonly<Record<string, unknown>>;
  const errors = record.Errors ?? record.errors;
  if (Array.isArray(errors) && typeof errors[0] === 'object' && errors[0] !== null) {
    return readRecord(errors[0] as Readonly<Record<string, unknown>>);
  }
  if (typeof record.error === 'object' && record.error !== null) {
    return readRecord(record.error as Readonly<Record<string, unknown>>);
  }
  return readRecord(record);
}

function readRecord(record: Readonly<Record<string, unknown>>): ErrorBody {
  const detail = [record.detail, record.description, record.message, record.error_description, record.error].find(
    (value) => typeof value === 'string' && value !== '',
  );
  const status = Number(record.status);
  const code = record.code ?? numberIn(typeof detail === 'string' ? detail : '');
  return {
    ...(typeof detail === 'string' ? { detail: cut(detail) } : {}),
    ...(typeof record.scimType === 'string' ? { scimType: record.scimType } : {}),
    ...(Number.isInteger(status) ? { status } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { targetCode: String(code) } : {}),
  };
}

function readText(text: string): ErrorBody {
  const json = parseJson(text);
  if (typeof json === 'object' && json !== null) return readErrorBody(json);
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  const plain = title ?? text.replace(/<[^>]*>/g, ' ');
  const detail = cut(plain.replace(/\s+/g, ' ').trim());
  const code = numberIn(detail);
  return { ...(detail === '' ? {} : { detail }), ...(code === undefined ? {} : { targetCode: code }) };
}

/** A vendor number at the start of the text, such as `1789003: …` or `(#1789003) …`. */
function numberIn(text: string): string | undefined {
  return /^\(?#?(\d{4,})\)?\b/.exec(text)?.[1];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.length > READABLE ? `${text.slice(0, READABLE)}…` : text;
}
