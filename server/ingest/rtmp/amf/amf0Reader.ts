import { ProtocolError } from '../protocolError.ts';
import { Amf3Reader } from './amf3Reader.ts';
import { AmfCursor } from './amfCursor.ts';
import { type AmfObject, type AmfValue, maxAmfDepth, newAmfObject } from './amfValue.ts';

/** AMF0 2.1 */
export const amf0Markers = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  reference: 7,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xmlDocument: 15,
  typedObject: 16,
  avmPlus: 17,
} as const;

const objectEnd = Buffer.of(0, 0, amf0Markers.objectEnd);

/** All values of a command or data message. Throws a ProtocolError. */
export function readAmf0(bytes: Buffer): AmfValue[] {
  const reader = new Amf0Reader(new AmfCursor(bytes));
  const values: AmfValue[] = [];
  while (reader.hasMore) values.push(reader.value(0));
  return values;
}

class Amf0Reader {
  readonly #cursor: AmfCursor;
  readonly #references: AmfValue[] = [];

  constructor(cursor: AmfCursor) {
    this.#cursor = cursor;
  }

  get hasMore(): boolean {
    return this.#cursor.left > 0;
  }

  value(depth: number): AmfValue {
    if (depth > maxAmfDepth) throw new ProtocolError('AMF values are nested too deeply');
    const cursor = this.#cursor;
    const marker = cursor.uint8();
    switch (marker) {
      case amf0Markers.number:
        return cursor.double();
      case amf0Markers.boolean:
        return cursor.uint8() !== 0;
      case amf0Markers.string:
        return cursor.text(cursor.uint16());
      case amf0Markers.longString:
      case amf0Markers.xmlDocument:
        return cursor.text(cursor.uint32());
      case amf0Markers.null:
        return null;
      case amf0Markers.undefined:
      case amf0Markers.unsupported:
        return undefined;
      case amf0Markers.reference:
        return this.#reference();
      case amf0Markers.date:
        return this.#date();
      case amf0Markers.typedObject:
        cursor.text(cursor.uint16()); // class name
        return this.#object(depth);
      case amf0Markers.ecmaArray:
        cursor.uint32(); // a hint, often wrong
        return this.#object(depth);
      case amf0Markers.object:
        return this.#object(depth);
      case amf0Markers.strictArray:
        return this.#strictArray(depth);
      case amf0Markers.avmPlus:
        return new Amf3Reader(cursor).value(depth);
      default:
        throw new ProtocolError(`AMF0 has no type ${marker}`);
    }
  }

  #object(depth: number): AmfObject {
    const cursor = this.#cursor;
    const object = newAmfObject();
    this.#references.push(object);
    // The end of the message ends an object too: some encoders forget the marker.
    while (cursor.left > 0 && !cursor.takeIf(objectEnd)) {
      const name = cursor.text(cursor.uint16());
      object[name] = this.value(depth + 1);
    }
    return object;
  }

  #strictArray(depth: number): AmfValue[] {
    const count = this.#cursor.uint32();
    if (count > this.#cursor.left) throw new ProtocolError('an AMF array is longer than its message');
    const array: AmfValue[] = [];
    this.#references.push(array);
    for (let index = 0; index < count; index += 1) array.push(this.value(depth + 1));
    return array;
  }

  #date(): Date {
    const milliseconds = this.#cursor.double();
    this.#cursor.uint16(); // time zone, always 0
    return new Date(milliseconds);
  }

  #reference(): AmfValue {
    const index = this.#cursor.uint16();
    if (index >= this.#references.length) throw new ProtocolError('an AMF reference points nowhere');
    return this.#references[index];
  }
}
