/** A provisioning log record as Graph shows it; beta has the deprecated members besides (graph-api.md 1.1, 11.1). */
import type { ProvisioningLogRecord } from '../../model/provisioning-log.ts';
import type { GraphVersion } from './graph-request.ts';

export function logView(record: ProvisioningLogRecord, version: GraphVersion): Readonly<Record<string, unknown>> {
  if (version === 'v1.0') return record;
  return { ...record, action: capital(record.provisioningAction), statusInfo: statusInfo(record) };
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
