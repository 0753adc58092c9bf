import { type Saying, say } from '../base/say.ts';
import { checkCondition, type FieldCheck, matchesCondition, type RouteFacts, takesAnyGuess } from './match-rule.ts';
import type { RoutingConfig, RoutingRule } from './routing-config.ts';

type Situation = {
  readonly facts: RouteFacts;
  /** Whether the classifier abstained. */
  readonly abstained: boolean;
  readonly config: Pick<RoutingConfig, 'routing' | 'triageTeam'>;
};

/**
 * Returns the first rule that counts for a ticket and matches it; null when there is none. For a ticket that the classifier
 * abstained on, or that a machine wrote, only some rules count.
 */
export function chooseRule(situation: Situation): RoutingRule | null {
  const { facts, config } = situation;
  const matches = (rule: RoutingRule) => whyPassedOver(rule, situation) === null && matchesCondition(rule.when, facts);
  return config.routing.find(matches) ?? null;
}

/** One rule compared with a ticket. */
export type RuleTrial = {
  readonly rule: RoutingRule;
  readonly matches: boolean;
  /** Why the rule does not count for this ticket, whatever its fields say; null when it counts. */
  readonly passedOver: Saying | null;
  readonly checks: readonly FieldCheck[];
};

/** Compares a ticket with each rule up to the one that it meets, which is the last of the list unless no rule matches. */
export function tryRules(situation: Situation): RuleTrial[] {
  const trials: RuleTrial[] = [];
  for (const rule of situation.config.routing) {
    const passedOver = whyPassedOver(rule, situation);
    const checks = checkCondition(rule.when, situation.facts);
    const matches = passedOver === null && checks.every((check) => check.matches);
    trials.push({ rule, matches, passedOver, checks });
    if (matches) break;
  }
  return trials;
}

/** A trial with the rule's name in place of the rule, as it is shown. */
export type NamedTrial = Omit<RuleTrial, 'rule' | 'passedOver'> & {
  readonly name: string;
  readonly passedOver: string | null;
  readonly passedOverFacts?: Saying['facts'];
};

export function nameTrial({ rule, passedOver, ...trial }: RuleTrial): NamedTrial {
  return {
    name: rule.name,
    ...trial,
    passedOver: passedOver?.text ?? null,
    ...(passedOver !== null && { passedOverFacts: passedOver.facts }),
  };
}

function whyPassedOver({ when, then }: RoutingRule, { facts, abstained, config }: Situation): Saying | null {
  const isForTriage = then.team === config.triageTeam;
  if (abstained && takesAnyGuess(when)) {
    return say(
      'rule.takes-any-guess',
      'no engine was sure enough, and the rule takes guesses of any confidence: set minConfidence to let it count',
    );
  }
  if (facts.automatic) {
    return isForTriage || when.automatic === true
      ? null
      : say(
          'rule.not-for-automatic',
          'a machine wrote the ticket, and only rules for the triage team or with "automatic: true" count then',
        );
  }
  return abstained && !isForTriage
    ? say(
        'rule.not-for-triage',
        `no engine was sure enough, and only rules for the triage team (${config.triageTeam}) count then`,
        { team: config.triageTeam },
      )
    : null;
}
