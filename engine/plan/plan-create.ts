/** An unmatched object in scope → the POST that creates it (cycle.md 2.11, 2.15, 2.16; scim-wire.md 5). */
import { mapObject } from '../map/map-object.ts';
import { matchingQueries } from '../match/matching-query.ts';
import type { ModifiedProperty } from '../model/provisioning-log.ts';
import type { JsonValue, ResourceType, ScimRequest } from '../model/scim-message.ts';
import { createBodies } from '../scim/create-body.ts';
import { createRequest } from '../scim/request.ts';
import { baseOf, skip, stepsBefore } from './operation.ts';
import { pendingReferences } from './pending-references.ts';
import type { Operation } from './plan.ts';
import type { PlanRules } from './plan-rules.ts';
import { loggedValue } from './redaction.ts';
import { synchronizationAddStep, toLogText } from './steps.ts';
import type { Subject } from './subject.ts';

/** RFC 7643 section 4.1 and 4.2: the attribute a resource cannot be created without. */
const REQUIRED: Readonly<Record<Subject['mapping']['resourceType'], string>> = {
  User: 'userName',
  Group: 'displayName',
};

/** The create, or why there is none. @throws EngineError `object` when a mapping expression fails */
export function planCreate(subject: Subject, rules: PlanRules): Operation {
  const { mapping, identity } = subject;
  if (!mapping.actions.has('create')) {
    const message = `not in the target, and the Create action of "${mapping.name}" is off`;
    return skip(baseOf(subject), { code: 'CreateNotEnabled', message });
  }
  const { context, decided } = subject;
  const mapped = mapObject(mapping, subject.attributes, {
    purpose: 'create',
    context,
    ...(decided === undefined ? {} : { decided }),
  });
  if (mapped.ignored) {
    const message = 'an expression evaluated to IgnoreObjectFlow';
    return skip(baseOf(subject), { code: 'IgnoreObjectFlow', message });
  }
  const missing = missingRequired(subject, mapped.values);
  if (missing !== undefined) {
    const message = `the required attribute ${missing} has no value; give the source attribute a value or map a default`;
    const reason = { code: 'AttributeValidationFailed', message };
    return skip(baseOf(subject), reason, { logAction: 'create', propertyName: missing });
  }
  const modifiedProperties: ModifiedProperty[] = [];
  const held: Record<string, JsonValue> = {};
  for (const [path, value] of mapped.values) {
    held[path] = value;
    const text = toLogText(value);
    if (text === undefined) continue;
    modifiedProperties.push({
      displayName: mapping.nameOf(path),
      oldValue: null,
      newValue: loggedValue(mapping, path, text),
    });
  }
  const [query] = matchingQueries(mapping, subject.attributes, context);
  // Every new object comes through here, and a literal that begins with a spread is built key by key.
  return {
    mapping: mapping.name,
    source: identity,
    resourceType: mapping.resourceType,
    steps: [...stepsBefore(subject), synchronizationAddStep(identity)],
    action: 'create',
    logAction: 'create',
    status: 'success',
    reason: { code: 'Create', message: subject.scope.reason.message },
    requests: [createOf(mapping.resourceType, mapped.values, rules)],
    modifiedProperties,
    link: { kind: 'link' },
    held,
    // They are written by PATCHes of their own, and without the Update action there are none (cycle.md 2.16).
    references: mapping.actions.has('update') ? pendingReferences(subject, undefined) : [],
    isReference: false,
    ...(query === undefined ? {} : { findableBy: query }),
  };
}

/** The POST that makes a resource of these values. */
export function createOf(
  resourceType: ResourceType,
  values: ReadonlyMap<string, JsonValue>,
  rules: PlanRules,
): ScimRequest {
  const known = bodies.get(rules) ?? bodiesFor(rules);
  bodies.set(rules, known);
  return createRequest(resourceType, known[resourceType](values));
}

type Bodies = Readonly<Record<ResourceType, ReturnType<typeof createBodies>>>;

const bodies = new WeakMap<PlanRules, Bodies>();

function bodiesFor(rules: PlanRules): Bodies {
  const { client, primaryWork, postBooleanStrings, legacyGroupSchema, listExtensionSchemas } = rules;
  const settings = { client, primaryWork, options: { postBooleanStrings, legacyGroupSchema, listExtensionSchemas } };
  return {
    User: createBodies({ ...settings, resourceType: 'User' }),
    Group: createBodies({ ...settings, resourceType: 'Group' }),
  };
}

/** The mapped target attribute that is required and has no value. Unmapped ones are the target's to refuse (cycle.md 2.15). */
function missingRequired(subject: Subject, values: ReadonlyMap<string, JsonValue>): string | undefined {
  const usual = REQUIRED[subject.mapping.resourceType];
  const missing = subject.mapping.rows.find(({ path, row, attribute }) => {
    const value = values.get(path.text);
    if (value !== undefined && value !== '') return false;
    return attribute?.required ?? row.target.toLowerCase() === usual.toLowerCase();
  });
  return missing?.row.target;
}
