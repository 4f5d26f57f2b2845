/**
 * Colour for people: only where both streams are a terminal and NO_COLOR is not set. Decided here and not by the library,
 * which also colours for a build server, where the text is read by programs.
 */
import picocolors from 'picocolors';

const forPeople = process.stdout.isTTY === true && process.stderr.isTTY === true;

export const colour = picocolors.createColors(forPeople && (process.env.NO_COLOR ?? '') === '');
