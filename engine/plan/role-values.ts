/** App roles as `AppRoleAssignmentsComplex` has them go out: objects, or texts without the flag (scim-wire.md 6.8). */
import type { JsonValue, ScimResource } from '../model/scim-message.ts';
import { parseAttributePath, readPath } from '../scim/attribute-path.ts';
import { missingValues } from '../scim/compare-values.ts';
import type { PlanRules } from './plan-rules.ts';
import { appRolesOf, type Subject } from './subject.ts';

/**
 * `values` with each role in the form in which `resource` holds it already, else in that of the dialect: the legacy PATCH adds the
 * JSON text of id, value and displayName. Whole resources hold objects.
 */
export function withRoleTexts(
  values: ReadonlyMap<string, JsonValue>,
  { mapping, object }: Subject,
  resource: ScimResource,
  { client, patchMode }: Pick<PlanRules, 'client' | 'patchMode'>,
): ReadonlyMap<string, JsonValue> {
  if (mapping.roleLists.length === 0 || client.update === 'put') return values;
  const texts = new Map(appRolesOf(object).map((role) => [role.value, JSON.stringify(role)]));
  const entries = [...values].map(([path, list]): readonly [string, JsonValue] => {
    if (!mapping.roleLists.includes(path) || !Array.isArray(list)) return [path, list];
    const current = readPath(resource, parseAttributePath(path)) ?? [];
    const isHeld = (form: JsonValue) => missingValues(current, [form]).length === 0;
    const written = (role: JsonValue): JsonValue => {
      const text = texts.get(roleValue(role));
      if (text === undefined || isHeld(role)) return role;
      return patchMode === 'legacy' || isHeld(text) ? text : role;
    };
    return [path, list.map(written)];
  });
  return new Map(entries);
}

function roleValue(role: JsonValue): string {
  return typeof role === 'object' && role !== null && 'value' in role ? String(role.value) : '';
}
