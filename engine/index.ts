/** The public API of the package (DESIGN 2.3): the mapping language, scoping, PATCH planning, and the engine behind the command line. */
export { type OpenedEngine, openEngine } from './compose.ts';
export type { Engine, JobStatus, Preview, SyncOptions, SyncResult } from './engine.ts';
export { IgnoreAttributeFlow, IgnoreObjectFlow } from './expression/control.ts';
export { evaluateExpression } from './expression/evaluate-expression.ts';
export { ExpressionError } from './expression/expression-error.ts';
export type { Diagnostic } from './model/diagnostic.ts';
export { EngineError } from './model/engine-error.ts';
export type { ScopingFilter } from './model/mapping.ts';
export type { ProvisioningLogRecord } from './model/provisioning-log.ts';
export type { PatchOperation } from './model/scim-message.ts';
export type { Operation, Outcome } from './plan/plan.ts';
export { planPatch } from './scim/patch.ts';
export { isInScope } from './scope/scoping-filter.ts';
