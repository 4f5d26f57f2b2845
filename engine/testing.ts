/** `scimulate/testing`: Entra's side for the test suite of a SCIM server (docs/testing.md). */
export type { WrittenExpectation as Expectation } from './simulate/scenario.ts';
export type { SimulatedExchange } from './simulate/simulation.ts';
export { type CycleReport, createTenant, type Person, type Tenant, type TenantOptions } from './simulate/tenant.ts';
