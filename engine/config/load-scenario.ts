/** A scenario file → the scenario, or everything that is wrong with it. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DirectoryEdit } from '../../fixtures/directories/edit-directory.ts';
import type { Fault, Injection } from '../../fixtures/targets/faults.ts';
import { type Diagnostic, sortDiagnostics } from '../model/diagnostic.ts';
import { parseOffset, parseTime } from '../model/instant.ts';
import { holdsDigitsAsText } from '../model/source-attributes.ts';
import {
  type Action,
  readExpectation,
  type Scenario,
  type SeedResource,
  type Step,
  type WrittenExpectation,
} from '../simulate/scenario.ts';
import { SIMULATED_JOB } from '../simulate/simulated-job.ts';
import { type ChangedMapping, changedMapping } from './changed-mapping.ts';
import { checkDirectoryEdit, namesInDirectory } from './check-directory-edit.ts';
import { errorFinding, type Report } from './finding.ts';
import { scenarioSchema } from './scenario-schema.ts';
import { readYamlFile } from './yaml-file.ts';

export type LoadedScenario = { readonly scenario?: Scenario; readonly diagnostics: readonly Diagnostic[] };

/** Where virtual time begins when the scenario does not say. */
const START = '2026-01-01T00:00:00.000Z';

type YamlStep = {
  /** YAML reads `+0` as a number. */
  readonly at: string | number;
  readonly note?: string;
  readonly do?: readonly Readonly<Record<string, unknown>>[];
  readonly expect?: WrittenExpectation;
};

type YamlScenario = {
  readonly name: string;
  readonly teaches?: string;
  readonly directory: string | object;
  readonly mapping: string | ChangedMapping;
  readonly profile?: string;
  readonly grant?: Scenario['grant'];
  readonly seed?: {
    readonly users?: readonly SeedResource[];
    readonly numbered?: number;
    readonly groups?: readonly SeedResource[];
  };
  readonly job?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly start?: string;
  readonly steps: readonly YamlStep[];
};

/** The scenario when nothing is an error; the findings always. */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const file = resolve(path);
  const yaml = await readYamlFile(file, scenarioSchema, holdsDigitsAsText);
  const diagnostics = [...yaml.diagnostics];
  if (!yaml.hasShape) return { diagnostics: sortDiagnostics(diagnostics) };
  const content = yaml.content as YamlScenario; // checked against the schema
  const report: Report = (where, finding) => diagnostics.push(yaml.at(where, finding));
  const lineOf = (index: number) => yaml.at(['steps', index], errorFinding('place', '')).at.line;
  const base = dirname(file);
  const directory = await readDirectory(content.directory, base, report);
  const startMs = parseTime(content.start ?? START);
  if (startMs === undefined) {
    const summary = `"${content.start}" is not a time that exists. Write it like 2026-01-01T00:00:00Z.`;
    report(['start'], errorFinding('bad-time', summary));
  }
  const start = new Date(startMs ?? START);
  const application = String(content.job?.application ?? SIMULATED_JOB);
  const names = namesInDirectory(directory ?? '');
  const steps = readSteps(content.steps, { start, base, names, application, lineOf, report });
  const sorted = sortDiagnostics(diagnostics);
  if (directory === undefined || sorted.some(({ severity }) => severity === 'error')) return { diagnostics: sorted };
  return {
    diagnostics: sorted,
    scenario: {
      file,
      name: content.name,
      teaches: content.teaches ?? '',
      directory,
      mapping: readMapping(content.mapping, base),
      profile: content.profile ?? 'scim',
      grant: content.grant ?? 'admin',
      seed: {
        users: [...(content.seed?.users ?? []), ...numberedUsers(content.seed?.numbered ?? 0)],
        groups: content.seed?.groups ?? [],
      },
      job: content.job ?? {},
      targetSettings: content.target ?? {},
      start: start.toISOString(),
      steps,
    },
  };
}

/** Accounts alike but for a number, for applications that hold many. */
function numberedUsers(count: number): readonly SeedResource[] {
  return Array.from({ length: count }, (_, index) => {
    const address = `user${index + 1}@contoso.com`;
    return {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: address,
      name: { formatted: `User ${index + 1}` },
      emails: [{ type: 'work', value: address }],
      active: true,
    };
  });
}

/** Absolute path of a mapping file, or what one with changed rows would hold. */
function readMapping(mapping: string | ChangedMapping, base: string): string | object {
  return typeof mapping === 'string' ? resolve(base, mapping) : changedMapping(mapping, base);
}

async function readDirectory(directory: string | object, base: string, report: Report): Promise<string | undefined> {
  if (typeof directory === 'object') return JSON.stringify(directory, null, 1);
  try {
    return await readFile(resolve(base, directory), 'utf8');
  } catch {
    report(['directory'], errorFinding('file-unreadable', `The directory file ${directory} cannot be read.`));
    return undefined;
  }
}

type StepContext = {
  readonly start: Date;
  readonly base: string;
  /** Who is in the directory, as far as the steps before have come. */
  readonly names: Set<string>;
  /** Whose assignments the actions change. */
  readonly application: string;
  readonly lineOf: (index: number) => number;
  readonly report: Report;
};

function readSteps(steps: readonly YamlStep[], context: StepContext): readonly Step[] {
  let before = 0;
  return steps.map((step, index) => {
    const at = typeof step.at === 'number' ? `+${step.at}` : step.at;
    const atMs = parseOffset(at);
    if (atMs === undefined) {
      const summary = `"${at}" is not a time since the start. Write +0, +40m, +2d or +1d6h30m.`;
      context.report(['steps', index, 'at'], errorFinding('bad-time', summary));
    } else if (atMs < before) {
      context.report(['steps', index, 'at'], errorFinding('time-runs-back', 'This step lies before the one above.'));
    }
    before = Math.max(before, atMs ?? before);
    const now = new Date(context.start.getTime() + before).toISOString();
    return {
      atMs: before,
      at,
      note: step.note ?? '',
      line: context.lineOf(index),
      actions: (step.do ?? []).flatMap((written, position) => {
        const place = ['steps', index, 'do', position];
        const reportAction: Report = (where, finding) => context.report([...place, ...where], finding);
        return readAction(written, { ...context, now, report: reportAction });
      }),
      expect: readExpectation(step.expect ?? {}),
    };
  });
}

type Written = Readonly<Record<string, unknown>>;

type ActionContext = Pick<StepContext, 'base' | 'application' | 'names' | 'report'> & { readonly now: string };

function readAction(written: Written, context: ActionContext): readonly Action[] {
  const { base, report } = context;
  const [entry, second] = Object.entries(written);
  if (entry === undefined || second !== undefined) {
    report([], errorFinding('one-action', 'Each item of "do" is one thing that happens; give each its own dash.'));
    return [];
  }
  const [name, value] = entry;
  const edit = directoryEdit(name, value, context);
  if (edit !== undefined) {
    checkDirectoryEdit(context.names, name, edit, report);
    return [{ kind: 'directory', edit }];
  }
  switch (name) {
    case 'source':
      return [{ kind: 'source', accident: value as Extract<Action, { kind: 'source' }>['accident'] }];
    case 'fault':
      return [{ kind: 'fault', injection: readInjection(value as Written) }];
    case 'authorize':
      return [{ kind: 'authorize', username: String(value) }];
    case 'clearFaults':
    case 'readAccounts':
    case 'testConnection':
    case 'start':
    case 'pause':
    case 'sync':
      return [{ kind: name }];
    case 'restart':
      return [{ kind: 'restart', reset: value === 'portal' ? '' : String(value) }];
    case 'target':
      return readTargetAction(value as { request: string; body?: unknown }, report);
    case 'settings': {
      const { mapping, ...settings } = value as { mapping?: string | ChangedMapping; job?: Written; target?: Written };
      return [
        { kind: 'settings', ...settings, ...(mapping === undefined ? {} : { mapping: readMapping(mapping, base) }) },
      ];
    }
    default:
      return []; // an unknown key is a finding of the schema already
  }
}

/** The change of the directory that the action `name` makes; undefined for other actions. Values have the schema's shape. */
function directoryEdit(name: string, value: unknown, context: ActionContext): DirectoryEdit | undefined {
  const { application, now } = context;
  const what = name;
  switch (name) {
    case 'set':
      return { what, do: 'set', ...(value as { object: string; attributes: Written }) };
    case 'addUser':
    case 'addGroup':
      return { what, do: name, attributes: value as Written };
    case 'purge':
    case 'restore':
      return { what, do: name, object: String(value) };
    case 'softDelete':
      return { what, do: 'softDelete', object: String(value), at: now };
    case 'addMember':
    case 'removeMember':
      return { what, do: name, ...(value as { group: string; member: string }) };
    case 'assign':
      return { what, do: 'assign', application, principal: value as Readonly<Record<string, string>> };
    case 'unassign':
      return { what, do: 'unassign', application, principal: String(value) };
    default:
      return undefined;
  }
}

function readTargetAction(
  { request, body }: { readonly request: string; readonly body?: unknown },
  report: Report,
): readonly Action[] {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(request) ?? [];
  if (method === undefined || path === undefined) {
    report(['target'], errorFinding('bad-request', `"${request}" is not a request. Write METHOD /path.`));
    return [];
  }
  return [{ kind: 'target', method, path, ...(body === undefined ? {} : { body }) }];
}

function readInjection(written: Written): Injection {
  const { method, path, times, fault, status, retryAfter, body, ms } = written;
  const match = {
    ...(typeof method === 'string' ? { method } : {}),
    ...(typeof path === 'string' ? { path } : {}),
  };
  return {
    match,
    times: times === 'always' ? 'always' : typeof times === 'number' ? times : 1,
    fault: readFault(String(fault), {
      status: typeof status === 'number' ? status : 500,
      ms: typeof ms === 'number' ? ms : 0,
      ...(body === undefined ? {} : { body: body as never }),
      ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
    }),
  };
}

function readFault(
  kind: string,
  details: { readonly status: number; readonly ms: number; readonly headers?: Readonly<Record<string, string>> },
): Fault {
  const { ms, ...answer } = details;
  if (kind === 'drop' || kind === 'truncate' || kind === 'broken-json') return { kind };
  if (kind === 'latency') return { kind, ms };
  return kind === 'commit-then-fail' ? { kind, status: answer.status } : { kind: 'status', ...answer };
}
