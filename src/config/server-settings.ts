import { z } from 'zod';

export const DEFAULT_PORT = 3000;

const addressSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'this is not an address. Write it as 10.0.0.7, or a range as 10.0.0.0/8',
});

/** `server:` of the configuration. */
export const serverSettingsSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to bind; any other than loopback needs SWITCHBOARD_TOKEN.'),
  port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT).describe('Port of the API and the page.'),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe('Names that the Host header may have besides loopback and host, for example behind a reverse proxy.'),
  requestsPerMinute: z
    .number()
    .int()
    .min(1)
    .default(60_000)
    .describe('Requests a minute of one client address; beyond it they are answered 429.'),
  trustProxy: z
    .union([z.boolean(), z.array(addressSchema)])
    .default(false)
    .describe(
      "Whose X-Forwarded-For says where a request came from: the addresses or ranges of one's reverse proxies, or true for anybody's.",
    ),
});
