/** What a conformance check is: a small declared thing. What it finds is a value. */
import type { PatchMode } from '../model/scim-message.ts';
import type { Conversation, Exchange } from './conversation.ts';

type Area =
  | 'connection'
  | 'matching'
  | 'creating users'
  | 'updating users'
  | 'disabling users'
  | 'managers'
  | 'deleting users'
  | 'groups'
  | 'members'
  | 'discovery'
  | 'lists and load';

export type ConformanceCheck = {
  /** kebab-case and stable: `--only` takes it. */
  readonly id: string;
  readonly name: string;
  readonly area: Area;
  /** `mandatory`: without it a job of Entra with default settings fails or goes wrong. */
  readonly category: 'mandatory' | 'recommended';
  /** The PATCH dialect it speaks; mandatory only when the tenant URL asks for that dialect. */
  readonly dialect?: PatchMode;
  /** Who says so, as `docs/fidelity.md` names statements. */
  readonly source: string;
  /** Tests of Microsoft's suites that ask the same: `hosted 8`, `gallery 3`. */
  readonly covers?: readonly string[];
  /** Reports from the field. */
  readonly seen?: readonly string[];
  /** What Entra does when the target answers with success all the same. */
  readonly entra: string;
  readonly fix: string;
  /** Target paths it rests on: not judged when the endpoint does not keep them. */
  readonly uses?: readonly string[];
  /** Not judged without a group endpoint. */
  readonly groups?: boolean;
  /** Entra sends this with other settings only, or never: what becomes of a refusal is what `entra` says, not what a refusal does. */
  readonly unusual?: boolean;
  /** Asks the token endpoint: left out where none is named. */
  readonly asksToken?: boolean;
  /** Others that cannot be met either while this one is not: they are listed beneath it. */
  readonly explains?: (other: ConformanceCheck) => boolean;
  readonly run: (talk: Conversation) => Promise<Verdict>;
};

export type Verdict =
  | { readonly kind: 'met' }
  | { readonly kind: 'unmet'; readonly finding: Finding }
  /** Something else has to work first. */
  | { readonly kind: 'unjudged'; readonly why: string };

export type Finding = {
  /** What was seen, as the rest of a sentence that begins with the name of the check. */
  readonly found: string;
  /** The request that shows it. */
  readonly exchange: Exchange;
  /** What Entra does, where it differs from what the check declares. */
  readonly entra?: string;
  /** Only a warning, whatever the category. */
  readonly tolerable?: boolean;
};

export const met: Verdict = { kind: 'met' };

export function unmet(found: string, exchange: Exchange, more: Pick<Finding, 'entra' | 'tolerable'> = {}): Verdict {
  return { kind: 'unmet', finding: { found, exchange, ...more } };
}

export function unjudged(why: string): Verdict {
  return { kind: 'unjudged', why };
}
