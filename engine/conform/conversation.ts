/** Talking to an endpoint: every request is recorded, and everything created is remembered until it is gone again. */
import { EngineError } from '../model/engine-error.ts';
import type { JsonValue, PatchMode, ResourceType, ScimRequest, ScimResource } from '../model/scim-message.ts';
import type { Clock } from '../ports.ts';

/** One request with its answer. */
export type Exchange = {
  readonly request: ScimRequest;
  readonly url: string;
  readonly anonymous: boolean;
  readonly startedAt: string;
  readonly durationMs: number;
  /** 0: there was no answer. */
  readonly status: number;
  readonly mediaType: string;
  /** Body as received, secrets redacted; without an answer, why there was none. */
  readonly text: string;
  /** Parsed body; undefined when it is empty or no JSON. */
  readonly body?: JsonValue;
};

/** The way to the endpoint, which `compose.ts` provides. */
export interface Wire {
  readonly patchMode: PatchMode;
  /** Where a request goes. */
  urlOf(request: ScimRequest): string;
  exchange(
    request: ScimRequest,
    signal: AbortSignal,
    anonymous?: boolean,
  ): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }>;
  /** Asks the token endpoint for a token, secrets masked in what was sent and answered; undefined without one. */
  askToken?(signal: AbortSignal): Promise<{
    readonly url: string;
    readonly sent: string;
    readonly status: number;
    readonly mediaType: string;
    readonly text: string;
  }>;
  /** Text without secrets, cut to `limit` characters; by default to what people read. */
  clean(text: string, limit?: number): string;
  close(): Promise<void>;
}

/** A resource that the checks made and that is still there. */
export type Leftover = {
  readonly type: ResourceType;
  /** Undefined: the answer did not say; it can only be looked for by name. */
  readonly id: string | undefined;
  readonly name: string;
};

/** What the endpoint was found to keep and offer. */
export type Survey = {
  /** Target paths of a user that the endpoint gives back as they were sent. */
  readonly kept: ReadonlySet<string>;
  readonly groups: boolean;
  /** False: /Schemas describes the enterprise extension, and no manager in it. */
  readonly managers: boolean;
  /** Why no user could be created at all. */
  readonly broken?: string;
};

export interface Conversation {
  readonly survey: Survey;
  readonly patchMode: PatchMode;
  /** A name no other resource has. */
  unique(): string;
  /** The user name for a unique name. */
  userName(name: string): string;
  /** Never throws for an answer, nor for a single missing one. @throws EngineError when the target is gone or refuses the token */
  send(request: ScimRequest, anonymous?: boolean): Promise<Exchange>;
  /** A request to the token endpoint; undefined when none was named. */
  askToken?(): Promise<Exchange>;
}

export type Recorder = {
  readonly send: Conversation['send'];
  readonly askToken?: () => Promise<Exchange>;
  /** All so far, their bodies as cut text only. */
  readonly exchanges: () => readonly Exchange[];
  readonly leftovers: () => readonly Leftover[];
  /** Stops recording what is created, for cleaning up. */
  readonly forget: (leftover: Leftover) => void;
};

/** So many requests without any answer in a row: the target is gone. One that cannot be used is an answer. */
const PATIENCE = 3;

/** Sends through `wire` and keeps account. */
export function openRecorder(wire: Wire, clock: Clock, signal: AbortSignal): Recorder {
  const exchanges: Exchange[] = [];
  const made = new Map<string, Leftover>();
  let silent = 0;

  const send: Recorder['send'] = async (request, anonymous = false) => {
    signal.throwIfAborted();
    const started = clock.now();
    const shared = { request, url: wire.urlOf(request), anonymous, startedAt: started };
    const took = () => Math.max(0, Date.parse(clock.now()) - Date.parse(started));
    try {
      const answer = await wire.exchange(request, signal, anonymous);
      silent = 0;
      const exchange = { ...shared, durationMs: took(), ...read(answer, wire) };
      exchanges.push(withoutBody(exchange));
      account(made, exchange, answer.headers.location);
      return exchange;
    } catch (error) {
      // An interrupted create may have happened.
      if (request.method === 'POST') remember(made, request, undefined);
      signal.throwIfAborted();
      if (!(error instanceof EngineError) || error.category === 'configuration' || isAboutSignIn(error)) throw error;
      silent = error.category === 'transient' ? silent + 1 : 0;
      if (silent >= PATIENCE) throw error;
      const exchange = { ...shared, durationMs: took(), status: 0, mediaType: '', text: wire.clean(error.message) };
      exchanges.push(exchange);
      return exchange;
    }
  };

  const askToken = async (ask: NonNullable<Wire['askToken']>): Promise<Exchange> => {
    signal.throwIfAborted();
    const startedAt = clock.now();
    const { url, sent, status, mediaType, text } = await ask(signal);
    const durationMs = Math.max(0, Date.parse(clock.now()) - Date.parse(startedAt));
    const request = { method: 'POST', path: new URL(url).pathname, body: sent } as const;
    const body = parse(text, (one) => one);
    const exchange = { request, url, anonymous: true, startedAt, durationMs, status, mediaType, text };
    exchanges.push(exchange);
    return { ...exchange, ...(body === undefined ? {} : { body }) };
  };
  const ask = wire.askToken?.bind(wire);

  return {
    send,
    ...(ask === undefined ? {} : { askToken: () => askToken(ask) }),
    exchanges: () => exchanges,
    leftovers: () => [...made.values()],
    forget: (leftover) => made.delete(keyOf(leftover)),
  };
}

/** Without credentials no check can go on: the token was refused, or the token endpoint gave none. */
function isAboutSignIn({ code, remedy }: EngineError): boolean {
  return code === 'InvalidCredentials' || remedy?.includes('target.auth') === true;
}

/** For keeping: what many long answers hold would fill the memory. */
function withoutBody({ body: _long, ...exchange }: Exchange): Exchange {
  return exchange;
}

function read(
  answer: Awaited<ReturnType<Wire['exchange']>>,
  wire: Wire,
): Pick<Exchange, 'status' | 'mediaType' | 'text' | 'body'> {
  const text = wire.clean(answer.text);
  const mediaType = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const body = parse(answer.text, (text) => wire.clean(text, Number.POSITIVE_INFINITY));
  return { status: answer.status, mediaType, text, ...(body === undefined ? {} : { body }) };
}

/** The JSON, each text in it cleaned by itself: cleaning the whole could break it. */
function parse(text: string, clean: (text: string) => string): JsonValue | undefined {
  try {
    return JSON.parse(text, (_key, value: JsonValue) =>
      typeof value === 'string' ? clean(value) : value,
    ) as JsonValue;
  } catch {
    return undefined;
  }
}

/** What the exchange made or removed. */
function account(made: Map<string, Leftover>, exchange: Exchange, location: string | undefined): void {
  const { request, status, body } = exchange;
  if (request.method === 'POST' && (status < 300 || status >= 500)) {
    remember(made, request, idOf(body) ?? lastSegment(location) ?? lastSegment(locationIn(body)));
  }
  if (request.method !== 'DELETE' || (status >= 300 && status !== 404)) return;
  for (const [key, leftover] of made) {
    if (leftover.id !== undefined && request.path.endsWith(`/${encodeURIComponent(leftover.id)}`)) made.delete(key);
  }
}

function remember(made: Map<string, Leftover>, request: ScimRequest, id: string | undefined): void {
  const type: ResourceType = request.path.startsWith('/Groups') ? 'Group' : 'User';
  const body = asResource(request.body);
  const leftover = { type, id, name: String(body?.userName ?? body?.displayName ?? '') };
  made.set(keyOf(leftover), leftover);
}

function keyOf({ type, id, name }: Leftover): string {
  return `${type} ${id === undefined ? `named ${name}` : id}`;
}

/** The `id` in a body, when it has one. */
export function idOf(body: JsonValue | undefined): string | undefined {
  const id = asResource(body)?.id;
  return (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined;
}

/** The body as a resource; undefined for lists, texts and nothing. */
export function asResource(body: JsonValue | undefined): ScimResource | undefined {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as ScimResource) : undefined;
}

function locationIn(body: JsonValue | undefined): string | undefined {
  const location = asResource(asResource(body)?.meta)?.location;
  return typeof location === 'string' ? location : undefined;
}

function lastSegment(url: string | undefined): string | undefined {
  const segment = url?.split(/[?#]/)[0]?.split('/').at(-1);
  if (segment === undefined || segment === '') return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
