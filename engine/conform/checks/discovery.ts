/** The discovery endpoints: read when a configuration is saved, and wanted for a listing (scim-wire.md 3, 10.1). */
import type { JsonValue, ScimResource } from '../../model/scim-message.ts';
import { parseAttributePath } from '../../scim/attribute-path.ts';
import { ENTERPRISE_URN, GROUP_URN, USER_URN } from '../../scim/create-body.ts';
import { readListResponse } from '../../scim/list-response.ts';
import { type ConformanceCheck, met, unjudged, unmet, type Verdict } from '../check.ts';
import { asResource, type Conversation, type Exchange } from '../conversation.ts';
import { isSuccess } from '../judge.ts';
import { answered } from '../reaction.ts';

const shared = { area: 'discovery', category: 'recommended' } as const;
const NO_LISTING = 'goes on with the attributes it knows; the listing in the gallery is refused';

const discover = (talk: Conversation, name: string) => talk.send({ method: 'GET', path: `/${name}` });

export const discoveryChecks: readonly ConformanceCheck[] = [
  {
    ...shared,
    id: 'schemas',
    name: 'GET /Schemas',
    source: 'wire 3, 10.1',
    covers: ['gallery 15'],
    entra: NO_LISTING,
    fix: 'answer /Schemas with a ListResponse of the User schema and every extension',
    run: async (talk) => schemasVerdict(await discover(talk, 'Schemas'), USER_URN),
  },
  {
    ...shared,
    id: 'group-schema',
    name: 'the Group schema in /Schemas',
    source: 'wire 10.3',
    covers: ['gallery 8', 'gallery 15'],
    groups: true,
    entra: NO_LISTING,
    fix: 'list the Group schema in /Schemas',
    run: async (talk) => schemasVerdict(await discover(talk, 'Schemas'), GROUP_URN),
  },
  {
    ...shared,
    id: 'schema-attributes',
    name: 'attributes of the default mapping in /Schemas',
    source: 'wire 10.3',
    covers: ['gallery 15'],
    entra: NO_LISTING,
    fix: 'describe every attribute you keep in /Schemas',
    run: async (talk) => {
      const exchange = await discover(talk, 'Schemas');
      const schemas = schemasIn(exchange);
      if (schemas === undefined) return unjudged('there is no list of schemas');
      const missing = [...talk.survey.kept].filter((path) => !isDescribed(path, schemas));
      return missing.length === 0 ? met : unmet(`does not describe ${missing.join(', ')}`, exchange);
    },
  },
  {
    ...shared,
    id: 'schema-spelling',
    name: 'spelling in /Schemas',
    source: 'wire 3',
    entra: 'cannot read the schema, and offers none of its attributes',
    fix: 'write readWrite, not ReadWrite; leave out what has no value instead of sending null',
    run: async (talk) => {
      const exchange = await discover(talk, 'Schemas');
      const schemas = schemasIn(exchange);
      if (schemas === undefined) return unjudged('there is no list of schemas');
      if (hasNull(schemas)) return unmet('has null values', exchange);
      const odd = mutabilities(schemas).find((value) => !/^(readOnly|readWrite|immutable|writeOnly)$/.test(value));
      return odd === undefined ? met : unmet(`has the mutability "${odd}"`, exchange);
    },
  },
  ...(['ResourceTypes', 'ServiceProviderConfig'] as const).map(
    (name): ConformanceCheck => ({
      ...shared,
      id: name === 'ResourceTypes' ? 'resource-types' : 'service-provider-config',
      name: `GET /${name}`,
      source: 'wire 3, 10.1',
      entra: NO_LISTING,
      fix: `answer /${name} with 200`,
      run: async (talk) => {
        const exchange = await discover(talk, name);
        return isSuccess(exchange) && asResource(exchange.body) !== undefined
          ? met
          : unmet(answered(exchange), exchange);
      },
    }),
  ),
  {
    ...shared,
    id: 'patch-advertised',
    name: 'PATCH in /ServiceProviderConfig',
    source: 'wire 3',
    seen: ['https://github.com/goauthentik/authentik/issues/13386'],
    entra: 'does not read it: it sends PATCH whatever it says',
    fix: 'say patch.supported true, and support it',
    run: async (talk) => {
      const exchange = await discover(talk, 'ServiceProviderConfig');
      const patch = asResource(asResource(exchange.body)?.patch);
      if (!isSuccess(exchange)) return unjudged(`/ServiceProviderConfig ${answered(exchange)}`);
      return patch?.supported === true ? met : unmet('does not say that PATCH is supported', exchange);
    },
  },
];

function schemasVerdict(exchange: Exchange, urn: string): Verdict {
  if (!isSuccess(exchange)) return unmet(answered(exchange), exchange);
  const schemas = schemasIn(exchange);
  if (schemas === undefined) return unmet('is no ListResponse', exchange);
  return schemas.some((schema) => isNamed(schema, urn)) ? met : unmet(`does not list ${urn}`, exchange);
}

function schemasIn(exchange: Exchange): readonly ScimResource[] | undefined {
  return isSuccess(exchange) ? readListResponse(exchange.body)?.resources : undefined;
}

function isNamed(schema: ScimResource, urn: string): boolean {
  return String(schema.id ?? '').toLowerCase() === urn.toLowerCase();
}

/** Attributes every resource has are described by no schema (RFC 7643 section 3.1). */
function isDescribed(text: string, schemas: readonly ScimResource[]): boolean {
  const path = parseAttributePath(text);
  if (path.attribute === 'externalId') return true;
  const urn = path.urn === undefined ? USER_URN : ENTERPRISE_URN;
  const attributes = schemas
    .filter((schema) => isNamed(schema, urn))
    .flatMap((schema) => attributesOf(schema.attributes));
  const attribute = named(attributes, path.attribute);
  if (attribute === undefined || path.sub === undefined) return attribute !== undefined;
  return named(attributesOf(attribute.subAttributes), path.sub) !== undefined;
}

function attributesOf(list: JsonValue | undefined): readonly ScimResource[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: JsonValue) => asResource(item)).filter((item) => item !== undefined);
}

function named(attributes: readonly ScimResource[], name: string): ScimResource | undefined {
  return attributes.find((attribute) => String(attribute.name).toLowerCase() === name.toLowerCase());
}

function hasNull(value: JsonValue): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}

function mutabilities(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, JsonValue]) =>
    key === 'mutability' && typeof item === 'string' ? [item] : mutabilities(item),
  );
}
