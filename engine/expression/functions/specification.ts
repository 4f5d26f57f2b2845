/** Where functions are documented. */

const APP_PROVISIONING = 'https://learn.microsoft.com/entra/identity/app-provisioning';

/** Section of the app-provisioning reference about the function `name`. */
export function reference(name: string): string {
  return `${APP_PROVISIONING}/functions-for-customizing-application-data#${name.toLowerCase()}`;
}

/** The tutorial that documents AssertiveAppRoleAssignmentsComplex. */
export const ATTRIBUTE_TUTORIAL = `${APP_PROVISIONING}/customize-application-attributes`;

/** Graph's list of functions of a synchronization job. */
export const GRAPH_FUNCTIONS = 'https://learn.microsoft.com/graph/api/synchronization-synchronizationschema-functions';

/** The sibling engine's reference. */
export const CLOUD_SYNC = 'https://learn.microsoft.com/entra/identity/hybrid/cloud-sync/reference-expressions';

export const ONLY_IN_GRAPH =
  'it appears only in the metadata of Microsoft Graph, not in the app-provisioning reference';
export const ONLY_IN_CLOUD_SYNC = 'it is documented for Cloud Sync, not in the app-provisioning reference';
