/** The object a reference is about: an id, userPrincipalName, mail or display name that fits exactly one. */
import { EngineError } from '../model/engine-error.ts';
import type { SourceObject } from '../model/source-object.ts';
import type { Directory } from '../ports.ts';

/** @throws EngineError `configuration`: `unknown-object` with the nearest name, `ambiguous-object` with the ids */
export async function chooseObject(directory: Directory, reference: string): Promise<SourceObject> {
  const found = await directory.find(reference);
  const [object, other] = found;
  if (object === undefined) {
    const near = await directory.nearest?.(reference);
    throw new EngineError(`there is no "${reference}" in the directory`, {
      category: 'configuration',
      code: 'unknown-object',
      remedy:
        near === undefined ? 'give an object id, userPrincipalName, mail or display name' : `did you mean "${near}"?`,
    });
  }
  if (other === undefined) return object;
  throw new EngineError(`"${reference}" fits ${found.length} objects: ${found.map(({ id }) => id).join(', ')}`, {
    category: 'configuration',
    code: 'ambiguous-object',
    remedy: 'give the object id',
  });
}
