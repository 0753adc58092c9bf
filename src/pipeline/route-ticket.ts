import type { Clock } from '../base/clock.ts';
import type { CreateId } from '../base/ids.ts';
import type { Classification } from '../classifiers/classifier.ts';
import { decideRoute } from '../routing/decide-route.ts';
import type { Decision, Mode } from '../routing/decision.ts';
import { resolveMode } from '../routing/resolve-mode.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import { presentIntent } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Ticket } from '../ticket/ticket.ts';

/** What routing needs beside the ticket; part of the pipeline's context. */
export type RoutingContext = {
  readonly taxonomy: Taxonomy;
  readonly routing: RoutingConfig;
  readonly connectors: ReadonlyMap<string, { readonly mode: Mode; readonly modes: Readonly<Record<string, Mode>> }>;
  readonly release: () => string | null;
  readonly now: Clock;
  readonly createId: CreateId;
};

/** The rules applied to a classified ticket, in the mode of the connector that it came by. */
export function routeTicket(
  context: RoutingContext,
  request: { ticket: Ticket; connector: string; classification: Classification },
): Decision {
  const { ticket, connector } = request;
  const classification = withPresentIntent(context, request.classification);
  return decideRoute({
    ticket,
    classification,
    config: context.routing,
    mode: modeFor(context, { connector, classification }),
    now: context.now(),
    id: context.createId('d'),
    taxonomy: context.taxonomy,
    release: context.release(),
  });
}

/** What was classified before an intent was renamed may be routed later: rules and modes have the id of today. */
function withPresentIntent({ taxonomy }: RoutingContext, classification: Classification): Classification {
  const { intent } = classification;
  return intent === null ? classification : { ...classification, intent: presentIntent(taxonomy, intent) };
}

export function modeFor(
  context: Pick<RoutingContext, 'connectors'>,
  request: { connector: string; classification: Classification },
): Mode {
  const connector = context.connectors.get(request.connector);
  // Nothing is written to where nobody said that it may.
  if (connector === undefined) return 'shadow';
  const { intent, abstained } = request.classification;
  return resolveMode({ connector, intent: abstained ? null : intent });
}
