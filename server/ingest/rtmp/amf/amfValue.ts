/** What AMF0 and AMF3 can say. Objects have no prototype, so that no name a peer chooses is special. */
export type AmfValue = number | string | boolean | null | undefined | Date | Uint8Array | AmfValue[] | AmfObject;

export interface AmfObject {
  [name: string]: AmfValue;
}

/** Objects and arrays inside each other. */
export const maxAmfDepth = 16;

export function newAmfObject(): AmfObject {
  return Object.create(null) as AmfObject;
}

export function isAmfObject(value: AmfValue): value is AmfObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}
