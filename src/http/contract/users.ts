import { z } from 'zod';
import { roleSchema } from './me.ts';

/** `invited`: has never signed in and has no password yet. */
export const userStates = ['invited', 'active'] as const;

export const userIdSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._@+-]{0,99}$/,
    'must be a short name or an email address, such as ana or ana@shop.example: letters, digits and . _ @ + - only',
  )
  .describe('What the user types to sign in, and what the history shows. Upper and lower case are the same.');

const userNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has a character that cannot be shown')
  .describe('A display name.');

export const userSchema = z.object({
  id: z.string(),
  name: z.string().describe('A display name; the id where none was given.'),
  role: roleSchema,
  state: z.enum(userStates).describe('`invited`: has never signed in and has no password yet.'),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().nullable().describe('When the user last did something here, to a few minutes.'),
});

export const userListSchema = z.object({ items: z.array(userSchema).readonly() });

export const newUserSchema = z.strictObject({
  id: userIdSchema,
  name: userNameSchema.optional(),
  role: roleSchema,
});

export const userChangesSchema = z
  .strictObject({ role: roleSchema.optional(), name: userNameSchema.optional() })
  .refine(({ role, name }) => role !== undefined || name !== undefined, 'give a role, a name, or both');

export const userParamsSchema = z.object({ id: z.string().trim().toLowerCase().min(1).max(200) });

export const invitationSchema = z
  .object({
    path: z.string().describe('The path of the page on this server: /invitation/CODE. It is shown only now.'),
    expiresAt: z.iso.datetime(),
  })
  .describe('With it, the user chooses a password. It works once.');

export const invitedUserSchema = z.object({ user: userSchema, invitation: invitationSchema });

export const invitationParamsSchema = z.object({ code: z.string().min(1).max(200) });

export const openInvitationSchema = z.object({
  user: z.string().describe('The id of the user who is invited.'),
  name: z.string(),
  role: roleSchema,
  expiresAt: z.iso.datetime(),
});
