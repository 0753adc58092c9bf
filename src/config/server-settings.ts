import { z } from 'zod';
import { roles } from '../base/role.ts';

export const DEFAULT_PORT = 3000;
/** A stream costs little more than a connection. Enough for a hundred agents with two open pages each. */
export const DEFAULT_STREAM_LIMITS = { perProcess: 200, perAddress: 50 } as const;
const MOST_STREAMS = 10_000;

const addressSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'this is not an IP address. Write an address such as 10.0.0.7, or a range such as 10.0.0.0/8',
});

/** Headers that say something else: what a browser or a proxy puts there is no name of a user. */
const otherHeaders =
  /^(?:authorization|cookie|host|origin|referer|user-agent|accept.*|content-.*|connection|forwarded|sec-.*|x-forwarded-(?:for|host|proto|port)|x-real-ip)$/i;

/** `server.auth`: a reverse proxy that signs people in. */
const authSchema = z.strictObject({
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/, 'this is not the name of a header. Write one such as X-Forwarded-User')
    .refine((name) => !otherHeaders.test(name), 'this header says something else. Name the one with the id of the user')
    .describe('The header in which the proxy sends the id of the user; it must remove that of clients.'),
  trusted: z
    .array(
      addressSchema.refine(
        (address) => !address.endsWith('/0'),
        'this is every address there is, so that everybody could sign in as anybody. Name the addresses of your proxies',
      ),
    )
    .min(1, 'this is empty. Name the addresses of your proxies')
    .describe('Addresses or ranges of the proxies. From any other address, the header means nothing.'),
  newUsers: z
    .enum(['refuse', ...roles])
    .default('refuse')
    .describe(
      'The role of somebody whom the proxy has signed in and who is no user here yet; `refuse`: only those who were added get in.',
    ),
});

/** `server:` of the configuration. */
export const serverSettingsSchema = z.strictObject({
  host: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on; any address but loopback needs SWITCHBOARD_TOKEN.'),
  port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT).describe('Port of the API and the page.'),
  webhookPort: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe(
      'Port on the same host that receives webhooks and nothing else; `port` then receives none. For those who expose only webhooks.',
    ),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Names that the Host header may have, in addition to loopback and host; for example the name of a proxy.',
    ),
  requestsPerMinute: z
    .number()
    .int()
    .min(1)
    .default(60_000)
    .describe('Requests per minute from one client address; further ones get status 429.'),
  maxEventStreams: z
    .number()
    .int()
    .min(1)
    .max(MOST_STREAMS)
    .default(DEFAULT_STREAM_LIMITS.perProcess)
    .describe('Event streams (GET /v1/events) that may be open at the same time; further ones get status 503.'),
  maxEventStreamsPerAddress: z
    .number()
    .int()
    .min(1)
    .max(MOST_STREAMS)
    .default(DEFAULT_STREAM_LIMITS.perAddress)
    .describe('Event streams from one client address, which an office may share; further ones get status 429.'),
  trustProxy: z
    .union([z.boolean(), z.array(addressSchema)])
    .default(false)
    .describe(
      'Addresses or ranges of your reverse proxies, whose X-Forwarded-For header is believed; true believes that of every client.',
    ),
  auth: authSchema
    .optional()
    .describe('A reverse proxy that signs people in, and names them in a header. Needs SWITCHBOARD_TOKEN as well.'),
});
