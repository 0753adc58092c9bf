import { suggest } from '../base/schema-problems.ts';
import type { Problem } from '../errors.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

/**
 * Warns of tiers that are probably misspelt. Tiers are free words, so no check can refuse one, but its rule would never
 * match. There is a warning when no ticket and no other rule has the word, and one of them has a similar word.
 */
export function warnOfTiers(config: LoadedConfig, tickets: readonly LabelledTicket[]): Problem[] {
  const { routing } = config.settings;
  const inTickets = new Set(tickets.flatMap(({ requester }) => requester?.tier?.trim().toLowerCase() ?? []));
  const inRules = routing.map(({ when }) => when.tier?.map((tier) => tier.trim().toLowerCase()) ?? []);
  const uses = Map.groupBy(inRules.flat(), (tier) => tier);
  return inRules.flatMap((tiers, index) =>
    tiers.flatMap((tier, position): Problem[] => {
      const isUsed = (word: string) => inTickets.has(word) || (uses.get(word)?.length ?? 0) > 1;
      if (isUsed(tier)) return [];
      const cure = suggest(
        tier,
        [...inTickets, ...uses.keys()].filter((word) => isUsed(word) && word !== tier),
      );
      if (cure === null) return [];
      const path = ['routing', index, 'when', 'tier', ...(tiers.length > 1 ? [position] : [])];
      return [
        {
          ...placeOf(config, path),
          message: `the rule "${routing[index]?.name}" needs the tier "${tier}", which no example and no other rule has`,
          cure,
        },
      ];
    }),
  );
}
