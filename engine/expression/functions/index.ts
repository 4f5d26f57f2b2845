/** Every function of the language, in alphabetical order (expressions.md 7). */
import type { FunctionDefinition } from '../function-definition.ts';
import { convertFromBase64, convertToBase64, convertToUtf8Hex, cStr, stringFromSid } from './convert.ts';
import { cDate, dateAdd, dateDiff, dateFromNum, formatDateTime, now, numFromDate } from './date.ts';
import {
  appRoleAssignments,
  appRoleAssignmentsComplex,
  assertiveAppRoleAssignmentsComplex,
  defaultDomain,
  dnComponent,
  singleAppRoleAssignment,
} from './directory.ts';
import { guid, randomString, redact, selectUniqueValue } from './generate.ts';
import { count, item, join, removeDuplicates, split } from './list.ts';
import {
  cBool,
  coalesce,
  error,
  ignoreFlowIfNullOrEmpty,
  iif,
  isNothing,
  isNull,
  isNullOrEmptyFunction,
  isPresent,
  isString,
  not,
  switchFunction,
} from './logic.ts';
import { bitAnd } from './number.ts';
import { replace } from './replace.ts';
import {
  append,
  inStr,
  left,
  mid,
  normalizeDiacriticsFunction,
  pCase,
  prepend,
  stripSpaces,
  toLower,
  toUpper,
  trim,
  word,
} from './text.ts';

export const FUNCTIONS: readonly FunctionDefinition[] = [
  append,
  appRoleAssignments,
  appRoleAssignmentsComplex,
  assertiveAppRoleAssignmentsComplex,
  bitAnd,
  cBool,
  cDate,
  coalesce,
  convertFromBase64,
  convertToBase64,
  convertToUtf8Hex,
  count,
  cStr,
  dateAdd,
  dateDiff,
  dateFromNum,
  defaultDomain,
  dnComponent,
  error,
  formatDateTime,
  guid,
  ignoreFlowIfNullOrEmpty,
  iif,
  inStr,
  isNothing,
  isNull,
  isNullOrEmptyFunction,
  isPresent,
  isString,
  item,
  join,
  left,
  mid,
  normalizeDiacriticsFunction,
  not,
  now,
  numFromDate,
  pCase,
  prepend,
  randomString,
  redact,
  removeDuplicates,
  replace,
  selectUniqueValue,
  singleAppRoleAssignment,
  split,
  stringFromSid,
  stripSpaces,
  switchFunction,
  toLower,
  toUpper,
  trim,
  word,
];

const BY_NAME: ReadonlyMap<string, FunctionDefinition> = new Map(
  FUNCTIONS.map((definition) => [definition.name, definition]),
);

const BY_LOWER_NAME: ReadonlyMap<string, FunctionDefinition> = new Map(
  FUNCTIONS.map((definition) => [definition.name.toLowerCase(), definition]),
);

/** The function of this name, undefined when there is none. Case matters (G-1). */
export function findFunction(name: string): FunctionDefinition | undefined {
  return BY_NAME.get(name);
}

/** The function of this name, case aside: for imports, and to say how a name is spelt. */
export function findFunctionIgnoringCase(name: string): FunctionDefinition | undefined {
  return BY_LOWER_NAME.get(name.toLowerCase());
}
