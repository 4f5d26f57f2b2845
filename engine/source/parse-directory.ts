/** A directory file in YAML or JSON → users, groups and applications, with every finding's place (DESIGN 2.4). */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { malformations } from '../model/malformed-yaml.ts';
import { holdsDigitsAsText } from '../model/source-attributes.ts';
import type { ObjectType } from '../model/source-object.ts';
import { keepDigits } from '../model/written-digits.ts';
import {
  type Place,
  type RawApplication,
  type RawDirectory,
  type RawObject,
  type ReferenceAt,
  type Report,
  readRawApplication,
  readRawObject,
  type Say,
  uniqueApplications,
  uniqueObjects,
  unknownKey,
} from './raw-directory.ts';

const TOP_LEVEL = ['users', 'groups', 'applications', 'tenantId', 'name'];

/** Everything the text says, good objects beside the broken ones. */
export function parseDirectory(file: string, text: string): RawDirectory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: true });
  const report = reporting(file, text, lines);
  const problems: Diagnostic[] = [];
  const say: Say = (...finding) => problems.push(report(...finding));
  for (const { range, summary } of malformations(document.errors)) say(range, 'error', 'malformed-yaml', summary);
  const root = document.contents;
  if (problems.length > 0 || !isMap(root)) {
    const summary = 'A directory file holds "users", "groups" and "applications".';
    if (problems.length === 0) say([0, 1], 'error', 'not-a-directory', summary);
    return nothing(problems, report);
  }
  for (const pair of root.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (TOP_LEVEL.includes(key) || !isNode(pair.key)) continue;
    say(placeOf(pair.key), 'error', 'unknown-key', unknownKey(key, 'a directory file', TOP_LEVEL));
  }
  // Who knows whether everybody stands below it.
  if (problems.length > 0) return nothing(problems, report);
  bindAliases(document);
  const plain: Plain = (node) => plainData(node, document, say);
  const users = readObjects(root, 'users', 'User', plain, say);
  const groups = readObjects(root, 'groups', 'Group', plain, say);
  const unique = uniqueObjects([...users.objects, ...groups.objects], say);
  const { applications, unclear } = readApplications(root, plain, say);
  return {
    objects: unique.objects,
    applications,
    unclearApplications: unclear,
    problems,
    incomplete: users.incomplete || groups.incomplete || unique.incomplete,
    readable: true,
    report,
  };
}

/** A file that cannot be understood: nothing is done by it. */
function nothing(problems: readonly Diagnostic[], report: Report): RawDirectory {
  return {
    objects: [],
    applications: [],
    unclearApplications: true,
    problems,
    incomplete: true,
    readable: false,
    report,
  };
}

function reporting(file: string, text: string, lines: LineCounter): Report {
  const source = text.split('\n');
  return ([start, end], severity, code, summary) => {
    const { line, col } = lines.linePos(start);
    const sourceLine = source[line - 1] ?? '';
    const length = Math.max(1, Math.min(end - start, sourceLine.length - col + 1));
    return {
      severity,
      code,
      summary,
      sourceLine,
      at: { file, line: Math.max(1, line), column: Math.max(1, col), length },
    };
  };
}

function placeOf(node: Node): Place {
  const [start = 0, end = start + 1] = node.range ?? [];
  return [start, end];
}

/** Places of the values in a map, or of the items of its list `list`. */
function placesIn(
  node: Node,
  list?: string,
): { readonly at: Place; readonly placeOf: (key: string | number) => Place } {
  const at = placeOf(node);
  const inner: unknown = list !== undefined && isMap(node) ? node.get(list, true) : node;
  return {
    at,
    placeOf: (key) => {
      const value: unknown = isMap(inner) || isSeq(inner) ? inner.get(key, true) : undefined;
      return isNode(value) ? placeOf(value) : at;
    },
  };
}

/** Tells every alias its anchor in one walk: by itself, the library walks through the whole document for each object. */
function bindAliases(document: Document): void {
  const anchors = new Map<string, ReturnType<Alias['resolve']>>();
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const found = anchors.get(node.source);
      const { resolve } = node;
      // With a context the library counts, too, how often it comes by.
      node.resolve = (whole, context) => {
        if (context === undefined || found === undefined) return found;
        return resolve.call(node, whole, Object.assign(context, { aliasResolveCache: [found] }));
      };
    },
  });
}

/** What a node says, the anchors that it refers to included; undefined when that cannot be known, which is said. */
type Plain = (node: Node) => unknown;

function plainData(node: Node, document: Document, say: Say): unknown {
  try {
    return node.toJS(document) as unknown;
  } catch (error) {
    // An anchor that is not there, aliases that multiply beyond measure, or a merge of what is no map.
    const why = error instanceof Error ? error.message : String(error);
    say(placeOf(node), 'error', 'malformed-yaml', `This cannot be read: ${why}.`);
    return undefined;
  }
}

/** Places alone: what they stand for would keep the whole document in memory. */
function referencePlaces(node: Node): ReferenceAt {
  const { at, placeOf: place } = placesIn(node);
  const manager = place('manager');
  const list: unknown = isMap(node) ? node.get('members', true) : undefined;
  const members = isSeq(list) ? list.items.map((item) => (isNode(item) ? placeOf(item) : at)) : [];
  return (reference) => (reference === 'manager' ? manager : (members[reference] ?? at));
}

function readObjects(
  root: YAMLMap,
  key: string,
  type: ObjectType,
  plain: Plain,
  say: Say,
): { readonly objects: readonly RawObject[]; readonly incomplete: boolean } {
  const list = root.get(key, true) as unknown;
  if (list === undefined || (isScalar(list) && list.value === null)) return { objects: [], incomplete: false };
  if (!isSeq(list)) {
    if (isNode(list)) say(placeOf(list), 'error', 'wrong-type', `"${key}" is a list of ${key}.`);
    return { objects: [], incomplete: true };
  }
  const nodes = list.items.filter(isNode);
  for (const node of nodes) keepDigits(node, holdsDigitsAsText);
  const objects = nodes.flatMap((node) => {
    const places = { ...placesIn(node), referenceAt: referencePlaces(node) };
    const data = plain(node);
    return data === undefined ? [] : (readRawObject(data, type, places, say) ?? []);
  });
  return { objects, incomplete: objects.length < nodes.length };
}

function readApplications(
  root: YAMLMap,
  plain: Plain,
  say: Say,
): { readonly applications: readonly RawApplication[]; readonly unclear: boolean } {
  const list = root.get('applications', true) as unknown;
  if (list === undefined || (isScalar(list) && list.value === null)) return { applications: [], unclear: false };
  if (!isSeq(list)) {
    if (isNode(list)) say(placeOf(list), 'error', 'wrong-type', '"applications" is a list of applications.');
    return { applications: [], unclear: true };
  }
  const nodes = list.items.filter(isNode);
  const read = nodes.flatMap((node) => {
    const places = placesIn(node, 'assignments');
    const data = plain(node);
    return data === undefined ? [] : (readRawApplication(data, places, say) ?? []);
  });
  return { applications: uniqueApplications(read, say), unclear: read.length < list.items.length };
}
