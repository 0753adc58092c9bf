import { z } from 'zod';

export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a time such as 2026-11-22T10:00:00Z, or a day such as 2026-11-22 (in UTC)',
  })
  .transform((text) => new Date(text).toISOString())
  // The database has no year 0, and years beyond these have a form of their own.
  .refine((moment) => /^\d{4}-/.test(moment) && !moment.startsWith('0000'), 'must be in the years 1 to 9999');
