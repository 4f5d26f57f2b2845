/** Removes what the checks made: groups first, then users, those whose id is not known by their name. */
import type { JsonValue } from '../model/scim-message.ts';
import { readListResponse } from '../scim/list-response.ts';
import { deleteRequest, findRequest, getRequest } from '../scim/request.ts';
import { idOf, type Leftover, type Recorder } from './conversation.ts';

export type CleanUp = {
  readonly removed: number;
  /** Could not be removed: somebody has to. */
  readonly left: readonly (Leftover & { readonly why: string })[];
};

/** Deletions in flight; the transport bounds them once more. */
const AT_ONCE = 8;

const STAYS = 'DELETE answered with success, and it is still there';

/** @param send sends although the checks were interrupted */
export async function cleanUp(
  recorder: Pick<Recorder, 'leftovers' | 'forget'>,
  send: Recorder['send'],
): Promise<CleanUp> {
  const all = recorder.leftovers();
  const left: (Leftover & { readonly why: string })[] = [];
  let removed = 0;
  for (const type of ['Group', 'User'] as const) {
    const waiting = all.filter((leftover) => leftover.type === type);
    const gone: Leftover[] = [];
    for (let at = 0; at < waiting.length; at += AT_ONCE) {
      await Promise.all(
        waiting.slice(at, at + AT_ONCE).map(async (leftover) => {
          const why = await remove(leftover, send);
          if (why !== undefined) left.push({ ...leftover, why });
          else gone.push(leftover);
          recorder.forget(leftover);
        }),
      );
    }
    if (await isStillThere(gone, send)) left.push(...gone.map((leftover) => ({ ...leftover, why: STAYS })));
    else removed += gone.length;
  }
  return { removed, left };
}

/** Asks for one of them: an endpoint may answer DELETE with success and only disable. */
async function isStillThere(gone: readonly Leftover[], send: Recorder['send']): Promise<boolean> {
  const one = gone.find(({ id }) => id !== undefined);
  if (one?.id === undefined) return false;
  const back = await send(getRequest(one.type, one.id)).catch(() => undefined);
  return back?.status === 200 && idOf(back.body) === one.id;
}

/** Undefined when it is gone, else why it is not. */
async function remove(leftover: Leftover, send: Recorder['send']): Promise<string | undefined> {
  try {
    const ids = leftover.id === undefined ? await idsNamed(leftover, send) : [leftover.id];
    for (const id of ids) {
      if (id === undefined) return 'it comes without "id", and cannot be deleted';
      const { status } = await send(deleteRequest(leftover.type, id));
      // It may be there under an id that the answer to its creation did not name.
      if (status === 404 && leftover.id !== undefined) return await remove({ ...leftover, id: undefined }, send);
      if ((status < 200 || status >= 300) && status !== 404)
        return `DELETE answered ${status === 0 ? 'nothing' : status}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function idsNamed({ type, name }: Leftover, send: Recorder['send']): Promise<readonly (string | undefined)[]> {
  // An empty name would be that of everybody who has none.
  if (name === '') return [];
  const path = type === 'User' ? 'userName' : 'displayName';
  const { body } = await send(findRequest(type, path, name));
  const resources = readListResponse(body)?.resources ?? [];
  // A target that ignores filters must not lose accounts of others.
  const own = resources.filter((resource: { readonly [key: string]: JsonValue }) => {
    return String(resource[path] ?? '').toLowerCase() === name.toLowerCase();
  });
  return own.map(idOf);
}
