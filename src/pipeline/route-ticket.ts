import type { Clock } from '../base/clock.ts';
import type { CreateId } from '../base/ids.ts';
import type { Classification } from '../classifiers/classifier.ts';
import { decideRoute, type RouteRequest, type TriedRoute, tryRoute } from '../routing/decide-route.ts';
import type { Decision, Mode } from '../routing/decision.ts';
import { resolveMode } from '../routing/resolve-mode.ts';
import type { RoutingConfig } from '../routing/routing-config.ts';
import { presentIntent } from '../taxonomy/resolve-intent.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Ticket } from '../ticket/ticket.ts';

/** The part of the pipeline's context that routing needs. */
export type RoutingContext = {
  readonly taxonomy: Taxonomy;
  readonly routing: RoutingConfig;
  readonly connectors: ReadonlyMap<string, { readonly mode: Mode; readonly modes: Readonly<Record<string, Mode>> }>;
  readonly release: () => string | null;
  readonly now: Clock;
  readonly createId: CreateId;
};

export type RoutedTicket = {
  readonly ticket: Ticket;
  readonly connector: string;
  readonly classification: Classification;
};

/** Applies the routing rules to a classified ticket, in the mode of its connector. */
export function routeTicket(context: RoutingContext, routed: RoutedTicket): Decision {
  return decideRoute(requestFor(context, routed));
}

/** Routes as `routeTicket` does, and compares the ticket with each rule up to the one that it meets. */
export function tryRules(context: RoutingContext, routed: RoutedTicket): TriedRoute {
  return tryRoute(requestFor(context, routed));
}

function requestFor(context: RoutingContext, { ticket, connector, ...routed }: RoutedTicket): RouteRequest {
  const classification = withPresentIntent(context, routed.classification);
  return {
    ticket,
    classification,
    config: context.routing,
    mode: modeFor(context, { connector, classification }),
    now: context.now(),
    id: context.createId('d'),
    taxonomy: context.taxonomy,
    release: context.release(),
  };
}

/** Replaces a former id of the intent by its present id, which rules and modes use. */
function withPresentIntent(
  { taxonomy }: Pick<RoutingContext, 'taxonomy'>,
  classification: Classification,
): Classification {
  const { intent } = classification;
  return intent === null ? classification : { ...classification, intent: presentIntent(taxonomy, intent) };
}

/** The mode that a ticket would have if it were decided now. */
export function presentModeFor(
  context: Pick<RoutingContext, 'connectors' | 'taxonomy'>,
  { connector, classification }: { connector: string; classification: Classification },
): Mode {
  return modeFor(context, { connector, classification: withPresentIntent(context, classification) });
}

/** The mode of a ticket, by its connector and its intent. An abstained intent does not count. */
export function modeFor(
  context: Pick<RoutingContext, 'connectors'>,
  request: { connector: string; classification: Classification },
): Mode {
  const connector = context.connectors.get(request.connector);
  // Without a configured connector, nothing may be written.
  if (connector === undefined) return 'shadow';
  const { intent, abstained } = request.classification;
  return resolveMode({ connector, intent: abstained ? null : intent });
}
