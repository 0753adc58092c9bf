import { z } from 'zod';

const faultSchema = z.object({ line: z.number().nullable(), message: z.string(), cure: z.string() });
const progressSchema = z.object({
  name: z.string(),
  /** Changes with the file (its inode, size and times). */
  version: z.string(),
  /** Lines or rows that were read, and those of them that could not be. */
  records: z.number(),
  faulty: z.number(),
  /** The first of them. */
  faults: z.array(faultSchema),
});
/** How far a file was read, and what was wrong with it. */
export type FileProgress = z.infer<typeof progressSchema>;

const cursorSchema = z.object({
  /** Files that were read to their end by the pages up to this one: the next call puts them away. */
  finished: z.array(progressSchema),
  /** The file that the next page goes on with. */
  open: progressSchema.extend({ offset: z.number(), line: z.number() }).nullable(),
});
export type FolderCursor = z.infer<typeof cursorSchema>;

const start: FolderCursor = { finished: [], open: null };

/** Files stay where they are until they were handled, so without a cursor nothing is lost: everything is read again. */
export function parseFolderCursor(cursor: string | null): FolderCursor {
  if (cursor === null) return start;
  try {
    return cursorSchema.parse(JSON.parse(cursor));
  } catch {
    return start;
  }
}
