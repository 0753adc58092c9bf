import { z } from 'zod';

/** One value or a list of them, read as a list. */
export const oneOrMany = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)]);
