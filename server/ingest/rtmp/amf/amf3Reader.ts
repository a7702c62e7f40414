import { ProtocolError } from '../protocolError.ts';
import type { AmfCursor } from './amfCursor.ts';
import { type AmfObject, type AmfValue, maxAmfDepth, newAmfObject } from './amfValue.ts';

/** AMF3 3.1 */
const amf3Markers = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  integer: 4,
  double: 5,
  string: 6,
  xmlDocument: 7,
  date: 8,
  array: 9,
  object: 10,
  xml: 11,
  byteArray: 12,
} as const;

interface Traits {
  readonly names: readonly string[];
  readonly dynamic: boolean;
}

/** Reads one AMF3 value and what it refers to; the reference tables live as long as the reader. */
export class Amf3Reader {
  readonly #cursor: AmfCursor;
  readonly #strings: string[] = [];
  readonly #objects: AmfValue[] = [];
  readonly #traits: Traits[] = [];

  constructor(cursor: AmfCursor) {
    this.#cursor = cursor;
  }

  value(depth: number): AmfValue {
    if (depth > maxAmfDepth) throw new ProtocolError('AMF values are nested too deeply');
    const marker = this.#cursor.uint8();
    switch (marker) {
      case amf3Markers.undefined:
        return undefined;
      case amf3Markers.null:
        return null;
      case amf3Markers.false:
        return false;
      case amf3Markers.true:
        return true;
      case amf3Markers.integer:
        return (this.#unsigned29() << 3) >> 3; // 29 bits, signed
      case amf3Markers.double:
        return this.#cursor.double();
      case amf3Markers.string:
        return this.#string();
      case amf3Markers.xmlDocument:
      case amf3Markers.xml:
        return this.#referable((length) => this.#remember(this.#cursor.text(length)));
      case amf3Markers.byteArray:
        return this.#referable((length) => this.#remember(this.#cursor.bytes(length)));
      case amf3Markers.date:
        return this.#referable(() => this.#remember(new Date(this.#cursor.double())));
      case amf3Markers.array:
        return this.#referable((count) => this.#array(count, depth));
      case amf3Markers.object:
        return this.#referable((flags) => this.#object(flags, depth));
      default:
        throw new ProtocolError(`AMF3 type ${marker} is not supported`);
    }
  }

  /** U29, AMF3 1.3.1: 7 bits a byte, 8 in the fourth. */
  #unsigned29(): number {
    let value = 0;
    for (let index = 0; index < 3; index += 1) {
      const byte = this.#cursor.uint8();
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return (value << 8) | this.#cursor.uint8();
  }

  /** The lowest bit tells a value from a reference to an earlier one; the rest goes to `read`. */
  #referable(read: (rest: number) => AmfValue): AmfValue {
    const header = this.#unsigned29();
    if ((header & 1) === 1) return read(header >> 1);
    const index = header >> 1;
    if (index >= this.#objects.length) throw new ProtocolError('an AMF reference points nowhere');
    return this.#objects[index];
  }

  #remember<T extends AmfValue>(value: T): T {
    this.#objects.push(value);
    return value;
  }

  #string(): string {
    const header = this.#unsigned29();
    if ((header & 1) === 0) {
      const known = this.#strings[header >> 1];
      if (known === undefined) throw new ProtocolError('an AMF reference points nowhere');
      return known;
    }
    const text = this.#cursor.text(header >> 1);
    if (text !== '') this.#strings.push(text);
    return text;
  }

  /** Associative entries, if there are any, make it an object with the dense ones under their index. */
  #array(count: number, depth: number): AmfValue {
    if (count > this.#cursor.left) throw new ProtocolError('an AMF array is longer than its message');
    const dense: AmfValue[] = [];
    const position = this.#objects.push(dense) - 1;
    let name = this.#string();
    if (name === '') {
      for (let index = 0; index < count; index += 1) dense.push(this.value(depth + 1));
      return dense;
    }
    const object = newAmfObject();
    this.#objects[position] = object;
    for (; name !== ''; name = this.#string()) object[name] = this.value(depth + 1);
    for (let index = 0; index < count; index += 1) object[index] = this.value(depth + 1);
    return object;
  }

  #object(flags: number, depth: number): AmfObject {
    const traits = this.#readTraits(flags);
    const object = this.#remember(newAmfObject());
    for (const name of traits.names) object[name] = this.value(depth + 1);
    if (traits.dynamic)
      for (let name = this.#string(); name !== ''; name = this.#string()) object[name] = this.value(depth + 1);
    return object;
  }

  // AMF3 3.12
  #readTraits(flags: number): Traits {
    if ((flags & 1) === 0) {
      const known = this.#traits[flags >> 1];
      if (!known) throw new ProtocolError('an AMF reference points nowhere');
      return known;
    }
    if ((flags & 2) !== 0) throw new ProtocolError('externalizable AMF objects are not supported');
    const count = flags >> 3;
    if (count > this.#cursor.left) throw new ProtocolError('an AMF object is longer than its message');
    this.#string(); // class name
    const names = Array.from({ length: count }, () => this.#string());
    const traits = { names, dynamic: (flags & 4) !== 0 };
    this.#traits.push(traits);
    return traits;
  }
}
