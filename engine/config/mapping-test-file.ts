/** A mapping test file as written, once it has the shape of the schema. */
import type { MappingTest } from '../mapping-test/mapping-test.ts';
import type { JsonValue } from '../model/scim-message.ts';

export type Values = Readonly<Record<string, unknown>>;

export type YamlCase = {
  readonly name: string;
  readonly object?: string;
  readonly given: Values;
  readonly assigned?: boolean | string | readonly string[];
  readonly holds?: Readonly<Record<string, JsonValue>>;
  readonly taken?: readonly string[];
  readonly expect?: Readonly<Record<string, JsonValue>>;
  readonly only?: boolean;
  readonly fails?: Readonly<Record<string, string>>;
  readonly inScope?: boolean;
  readonly because?: string;
};

export type YamlTest = {
  readonly mapping?: string;
  readonly now?: string;
  readonly defaultDomain?: string;
  readonly scope?: MappingTest['scopeMode'];
  readonly defaultAccess?: MappingTest['defaultAccess'];
  readonly expressions?: MappingTest['expressions'];
  readonly cases: readonly YamlCase[];
};
