import { z } from 'zod';

const pageSchema = z.coerce.number().int().min(1).max(1_000_000).default(1);

/** Fields of a query that asks for a page of a list: pages count from 1. */
export function paging(usualSize: number) {
  return { page: pageSchema, pageSize: z.coerce.number().int().min(1).max(200).default(usualSize) };
}
