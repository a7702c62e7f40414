/** What viewers are sent; `delivery/pictures.ts` asks for it in this shape. */
export interface Picture {
  readonly body: Buffer;
  readonly contentType: string;
  /** Equal tags mean equal bytes. */
  readonly tag: string;
  /** Seconds a cache may keep it. */
  readonly maxAgeSeconds: number;
}
