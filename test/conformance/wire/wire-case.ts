/** What a wire scenario is, as `wire.schema.json` says, and the files that hold them. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Attributes = Readonly<Record<string, unknown>>;
export type Dialect = 'legacy' | 'flag';

export type Given = {
  readonly users?: readonly Attributes[];
  readonly groups?: readonly Attributes[];
  readonly roles?: readonly unknown[];
  readonly unassigned?: readonly string[];
  readonly mapping?:
    | string
    | {
        readonly users?: readonly Attributes[];
        readonly groups?: readonly Attributes[];
        readonly userActions?: readonly string[];
      };
  readonly url?: string;
  readonly target?: Attributes;
  readonly job?: Attributes;
  readonly accounts?: Readonly<Record<string, string>>;
};

export type Answer =
  | number
  | { readonly found: readonly Attributes[] }
  | { readonly resource: Attributes }
  | { readonly created: string }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly text?: string;
    }
  | { readonly lost: true };

export type WireExchange = {
  readonly request: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: Attributes;
  readonly operations?: readonly unknown[] | Readonly<Record<Dialect, readonly unknown[]>>;
  readonly answer: Answer;
};

export type Change = {
  readonly users?: Readonly<Record<string, Attributes>>;
  readonly groups?: Readonly<Record<string, Attributes>>;
  readonly assign?: readonly string[];
  readonly unassign?: readonly string[];
  readonly purge?: readonly string[];
};

export type Step = {
  readonly change?: Change;
  readonly run?: string;
  readonly restart?: boolean;
  readonly probes?: boolean;
  readonly exchanges: readonly WireExchange[];
  readonly outcomes?: readonly string[];
  readonly error?: string;
};

export type WireCase = {
  readonly name: string;
  readonly basis: 'documented' | 'observed' | 'ours';
  readonly statement: readonly string[];
  readonly dialects?: readonly Dialect[];
  readonly given?: Given;
  readonly steps: readonly Step[];
};

export type WireFile = {
  readonly name: string;
  readonly text: string;
  readonly document: { readonly given?: Given; readonly cases: readonly WireCase[] };
};

const FOLDER = new URL('.', import.meta.url);
const STATEMENTS = 'statements.yaml';

/** Every file of scenarios, by name. */
export function wireFiles(): readonly WireFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name !== STATEMENTS);
  return names.sort().map((name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    return { name, text, document: parse(text, { merge: true }) as WireFile['document'] };
  });
}

/** Examples and table rows of the digest that a scenario must prove, and the words for those that none can. */
export function wireStatements(): { readonly proven: readonly string[]; readonly elsewhere: readonly string[] } {
  const { proven, elsewhere } = parse(readFileSync(new URL(STATEMENTS, FOLDER), 'utf8')) as Record<string, Attributes>;
  return { proven: Object.keys(proven ?? {}), elsewhere: Object.keys(elsewhere ?? {}) };
}
