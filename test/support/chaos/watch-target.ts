/** A target whose writes are taken down one by one, each with the resource before and after. */
import type { ScimResource } from '../../../engine/model/scim-message.ts';
import { withControlSurface } from '../../../fixtures/targets/control-surface.ts';
import type { TargetApp } from '../../../fixtures/targets/target-app.ts';

export type Write = {
  readonly method: string;
  readonly type: 'User' | 'Group';
  /** Undefined: a create that the target refused, or never saw. */
  readonly id: string | undefined;
  readonly before: ScimResource | undefined;
  readonly after: ScimResource | undefined;
  readonly status: number;
  /** The client got the target's own answer. */
  readonly answered: boolean;
};

export function watchTarget(app: TargetApp) {
  const target = withControlSurface(app);
  const writes: Write[] = [];
  const resources = () => new Map([...app.state.users(), ...app.state.groups()].map((one) => [String(one.id), one]));
  const handle = async (request: Request): Promise<Response> => {
    if (request.method === 'GET') return target.handle(request);
    const before = structuredClone(resources());
    const response = await target.handle(request);
    const after = resources();
    const [, kind, named] = new URL(request.url).pathname.replace('/scim', '').split('/');
    const id = named ?? [...after.keys()].find((one) => !before.has(one));
    const found = <T>(map: ReadonlyMap<string, T>) => (id === undefined ? undefined : map.get(id));
    writes.push({
      method: request.method,
      type: kind === 'Groups' ? 'Group' : 'User',
      id,
      before: found(before),
      after: structuredClone(found(after)),
      status: response.status,
      answered: app.requests.at(-1)?.fault === undefined,
    });
    return response;
  };
  // One at a time: otherwise nobody could say which request changed what.
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...target,
    handle: (request: Request): Promise<Response> => {
      const answer = last.then(() => handle(request));
      last = answer.catch(() => undefined);
      return answer;
    },
    /** The writes since the last call. */
    taken: (): readonly Write[] => writes.splice(0),
  };
}

/** It disabled an account, or deleted something. */
export function deprovisions({ before, after }: Write): boolean {
  if (before === undefined) return false;
  return after === undefined || (before.active !== false && after.active === false);
}
