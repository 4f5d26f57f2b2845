/** Arguments that do not go together: exit 2, with what to write instead. */
import { EngineError } from '../model/engine-error.ts';

export function badUsage(message: string, remedy: string): EngineError {
  return new EngineError(message, { category: 'configuration', code: 'bad-usage', remedy });
}
