/** The values of an expression that flows nothing (expressions.md 5.6). Compared by identity. */

export type ControlValue = {
  readonly kind: 'control';
  readonly name: 'IgnoreAttributeFlow' | 'IgnoreObjectFlow';
};

/** The attribute takes no part in the operation: neither written nor cleared. */
export const IgnoreAttributeFlow: ControlValue = Object.freeze({ kind: 'control', name: 'IgnoreAttributeFlow' });

/** The whole object is not created (mapping of the pseudo attribute `objectFilter`). */
export const IgnoreObjectFlow: ControlValue = Object.freeze({ kind: 'control', name: 'IgnoreObjectFlow' });

/** Whether `value` is one of the two control values. */
export function isControl(value: unknown): value is ControlValue {
  return value === IgnoreAttributeFlow || value === IgnoreObjectFlow;
}
