import { z } from 'zod';

export const DEFAULT_PORT = 3000;
/** A stream costs little more than a connection. Enough for a hundred agents with two open pages each. */
export const DEFAULT_STREAM_LIMITS = { perProcess: 200, perAddress: 50 } as const;
const MOST_STREAMS = 10_000;

const addressSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'this is not an IP address. Write an address such as 10.0.0.7, or a range such as 10.0.0.0/8',
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
});
