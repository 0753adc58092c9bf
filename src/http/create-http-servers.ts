import type { FastifyInstance } from 'fastify';
import { createHttpServer, type HttpServerOptions } from './create-http-server.ts';
import { createWebhookServer } from './create-webhook-server.ts';
import { createServerMetrics } from './server-metrics.ts';

export type HttpServers = {
  readonly server: FastifyInstance;
  /** Receives webhooks in place of `server`; null without `server.webhookPort`. */
  readonly webhookServer: FastifyInstance | null;
};

/** Builds the servers of a configuration, which count their requests together. They do not listen yet. */
export async function createHttpServers(options: Omit<HttpServerOptions, 'metrics'>): Promise<HttpServers> {
  const metrics = createServerMetrics(options);
  const isApart = typeof options.webhookPort === 'number';
  return {
    server: await createHttpServer({ ...options, metrics }),
    webhookServer: isApart ? await createWebhookServer({ ...options, metrics }) : null,
  };
}
