/** Digits as they stand in a YAML file: to YAML, `+351` and `0042` are the numbers 351 and 42. */

/** A parsed node: a map or list has `items`, a pair of a map `key` and `value`, a scalar its `value` and its `source`. */
type YamlNode = {
  readonly items?: readonly unknown[];
  readonly key?: unknown;
  value?: unknown;
  readonly source?: unknown;
};

/** Makes texts of the numbers below the keys that `isText` names, each as it is written. */
export function keepDigits(node: unknown, isText: (key: string) => boolean, below = false): void {
  if (!isObject(node)) return;
  if (node.items !== undefined) {
    for (const item of node.items) keepDigits(item, isText, below);
  } else if (isObject(node.key)) {
    keepDigits(node.value, isText, below || isText(String(node.key.value)));
  } else if (below && typeof node.value === 'number' && typeof node.source === 'string') {
    node.value = node.source;
  }
}

function isObject(node: unknown): node is YamlNode {
  return typeof node === 'object' && node !== null;
}
