/** What an answer of the target means, as one table: cycle.md 10d and 10e, scim-wire.md 2, 4.2, 5.3 and 9.1. */

/** What was asked: the Test Connection, a matching query, one resource, or a write. */
export type Asked = 'probe' | 'query' | 'read' | 'create' | 'update' | 'delete';

/** - `object`: it fails and goes to escrow. - `job`: the cycle stops and the job is quarantined. - `success`: as good as done. */
type Ending = 'object' | 'job' | 'success';

export type AnswerRule = {
  /** `400`, or `5xx` for all of that hundred. */
  readonly status: readonly string[];
  /** Only for these; for all when absent. */
  readonly asked?: readonly Asked[];
  /** Only when the target's text says so. */
  readonly says?: RegExp;
  readonly code: string;
  readonly ends: Ending;
};

export const INCOMPATIBLE = 'SystemForCrossDomainIdentityManagementServiceIncompatible';
const NO_CODE = '';

const LICENCES =
  /\b(licen[cs]e|seat)s?\b.{0,80}\b(limit|exceed|exhaust|used up|available|left|remain)|\b(limit|exceed|no more|not enough|insufficient|out of)\w*\b.{0,80}\b(licen[cs]e|seat)s?\b/i;
const DOMAIN =
  /\b(unverified|not verified|invalid|unknown|not allowed|not accepted|disallowed)\b.{0,80}\bdomain|\bdomain\b.{0,80}\b(unverified|not verified|not been verified|invalid|unknown|not allowed|not accepted|disallowed)/i;
const UNKNOWN_ATTRIBUTE =
  /\b(unknown|undefined|unsupported|unrecogni[sz]ed|no such|not a valid) (attribute|field|property)|\b(attribute|field|property)\b.{0,80}\b(does not exist|is not (found|defined|supported|known|recogni[sz]ed|part of)|not found)/i;
const MISSING_VALUE =
  /\b(missing|required|mandatory) (\w+ ){0,2}(attribute|field|property|value|parameter)|\b(attribute|field|property|value|parameter)s?\b.{0,80}\b(is|are) (required|missing|mandatory)|\bmust (provide|specify|supply)\b|\b(cannot|must not|can't) be (empty|null|blank)/i;

/** The first row that fits decides. */
export const ANSWER_RULES: readonly AnswerRule[] = [
  { status: ['401'], code: 'InvalidCredentials', ends: 'job' },
  { status: ['403'], asked: ['probe'], code: 'InvalidCredentials', ends: 'job' },
  { status: ['404'], asked: ['probe', 'query'], code: 'ScimComplianceNotFound', ends: 'job' },
  { status: ['404'], asked: ['delete'], code: NO_CODE, ends: 'success' },
  { status: ['404'], asked: ['read', 'update'], code: 'InvalidAnchor', ends: 'object' },
  { status: ['400', '402', '403', '409', '422'], says: LICENCES, code: 'LicenseLimitExceeded', ends: 'object' },
  { status: ['400', '403', '409', '422'], says: DOMAIN, code: 'InvalidDomain', ends: 'object' },
  { status: ['400', '422'], says: UNKNOWN_ATTRIBUTE, code: 'SchemaAttributeNotFound', ends: 'object' },
  { status: ['400', '422'], says: MISSING_VALUE, code: 'MandatoryFieldsMissing', ends: 'object' },
  { status: ['400'], code: INCOMPATIBLE, ends: 'object' },
  { status: ['403'], code: 'InsufficientRights', ends: 'object' },
  { status: ['405'], code: 'MethodNotAllowed', ends: 'object' },
  // Observed in a real log record: a POST answered 409 right after its matching query found nothing.
  {
    status: ['409'],
    asked: ['create'],
    code: 'SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering',
    ends: 'object',
  },
  { status: ['409'], code: 'Conflict', ends: 'object' },
  { status: ['422'], code: 'UnprocessableEntity', ends: 'object' },
  { status: ['429'], code: 'TooManyRequests', ends: 'object' },
  { status: ['501'], code: 'NotImplemented', ends: 'object' },
  { status: ['5xx'], code: 'InternalServerError', ends: 'object' },
  { status: ['1xx', '3xx', '4xx'], code: INCOMPATIBLE, ends: 'object' },
];

/** What `status` means when it answers `asked`; `text` is what the target says. A probe that fails fails the job. */
export function ruleFor(asked: Asked, status: number, text = ''): Pick<AnswerRule, 'code' | 'ends'> {
  const found = ANSWER_RULES.find(
    (rule) =>
      rule.status.some((one) => one === String(status) || one === `${Math.floor(status / 100)}xx`) &&
      (rule.asked === undefined || rule.asked.includes(asked)) &&
      (rule.says === undefined || rule.says.test(text)),
  );
  const { code, ends } = found ?? { code: INCOMPATIBLE, ends: 'object' };
  return { code, ends: asked === 'probe' ? 'job' : ends };
}

/** Faults of the target or of the service, about which an administrator can do nothing (cycle.md 10d, category S). */
const SERVICE_FAULTS: ReadonlySet<string> = new Set([
  'TooManyRequests',
  'InternalServerError',
  'InternalError',
  'WebExceptionProtocolError',
  'Timeout',
]);

/** `errorCategory` of the log record. */
export function errorCategoryOf(code: string): 'failure' | 'nonServiceFailure' {
  return SERVICE_FAULTS.has(code) ? 'failure' : 'nonServiceFailure';
}

/** HTTP reason phrases in .NET's spelling, as Entra's log prints them. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  402: 'PaymentRequired',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'LengthRequired',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  414: 'RequestUriTooLong',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableEntity',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  501: 'NotImplemented',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** The name .NET gives an HTTP status; the number itself when it has none. */
export function statusName(status: number): string {
  return STATUS_NAMES[status] ?? String(status);
}
