/** Answers before they become HTTP. */

export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the body, when it is text and not JSON. */
  readonly text?: string;
};

export const NO_CONTENT: Reply = { status: 204 };

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function counted(count: number): Reply {
  return { status: 200, text: String(count), headers: { 'content-type': 'text/plain;charset=utf-8' } };
}
