/** A provisioning log record as Graph shows it; beta has the deprecated members besides (graph-api.md 1.1, 11.1). */
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import type { GraphVersion } from './graph-request.ts';

export function logView(record: ProvisioningLogRecord, version: GraphVersion): Readonly<Record<string, unknown>> {
  const view = { ...record, provisioningAction: actionOf(record) };
  return version === 'v1.0' ? view : { ...view, action: betaActionOf(record), statusInfo: statusInfo(record) };
}

/** As Graph's enumeration spells it (graph-api.md 3). */
export function actionOf({ provisioningAction: action }: ProvisioningLogRecord): string {
  return action === 'stageddelete' ? 'stagedDelete' : action;
}

/** The deprecated twin. */
export function betaActionOf(record: ProvisioningLogRecord): string {
  return capital(actionOf(record));
}

function statusInfo({ provisioningStatusInfo }: ProvisioningLogRecord): Readonly<Record<string, unknown>> {
  const { status, errorInformation } = provisioningStatusInfo;
  if (errorInformation === null) return { '@odata.type': '#microsoft.graph.statusBase', status };
  const { errorCategory, ...rest } = errorInformation;
  return {
    '@odata.type': '#microsoft.graph.statusDetails',
    status,
    ...rest,
    errorCategory: capital(errorCategory),
  };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
