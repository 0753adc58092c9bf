// biome-ignore-all lint/suspicious/noThenProperty: `then` is the word of the configuration.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Classification, noUsage } from '../classifiers/classifier.ts';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { mailFacts, ticketOf } from '../testing/mail-facts.ts';
import { type Ticket, urgencies } from '../ticket/ticket.ts';
import { createCalendar } from './business-calendar.ts';
import { calendarSchema } from './calendar-settings.ts';
import { decideRoute } from './decide-route.ts';
import { decisionSchema, priorities } from './decision.ts';
import { matchesCondition, ordinaryFacts, takesAnyGuess } from './match-rule.ts';
import { createPlainUrgency } from './plain-urgency.ts';
import { type RoutingConfig, routingRuleSchema, slaSchema, teamSchema } from './routing-config.ts';
import type { UrgencyPhrases } from './urgency-phrases.ts';

const now = new Date('2026-11-22T10:00:00Z');

function classification(parts: Partial<Classification> = {}): Classification {
  return {
    intent: 'account-management/billing-inquiries',
    confidence: 0.91,
    abstained: false,
    abstainReason: null,
    reasoning: '',
    decidingWords: [],
    runnersUp: [],
    nearestExamples: [],
    secondaryIntents: [],
    urgency: 'normal',
    sentiment: null,
    language: 'en',
    stage: 'local',
    stageReason: '',
    model: null,
    versions: { taxonomy: 't', prompt: null, examples: null, thresholds: null },
    usage: noUsage,
    costUsd: 0,
    latencyMs: 1,
    ...parts,
  };
}

const teams = [
  { id: 'triage', name: 'Triage' },
  {
    id: 'billing',
    name: 'Billing',
    members: [
      { id: 'ana', name: 'Ana', languages: ['es', 'en'] },
      { id: 'philip', languages: ['en'] },
      { id: 'rui', name: 'Rui', languages: ['pt', 'en'] },
    ],
  },
  { id: 'sre', name: 'On call', members: [{ id: 'sunil' }, { id: 'greta', languages: ['de'] }] },
].map((team) => teamSchema.parse(team));

const office = createCalendar(
  calendarSchema.parse({ timeZone: 'Europe/Berlin', hours: { 'mon-fri': '09:00-17:00' } }),
  null,
);

/** Made once, because compiling some thousand phrases takes longer than a decision. */
const builtInUrgency = createPlainUrgency({});

function configOf(rules: readonly unknown[], phrases?: UrgencyPhrases): RoutingConfig {
  return {
    triageTeam: 'triage',
    teams,
    routing: rules.map((rule) => routingRuleSchema.parse(rule)),
    slas: {
      p1: slaSchema.parse({ firstResponse: '15m', resolution: '4h' }),
      p3: slaSchema.parse({ resolution: '2d' }),
      office: slaSchema.parse({ firstResponse: '4h', resolution: '16h', calendar: 'office' }),
    },
    calendars: new Map([['office', office]]),
    plainUrgency: phrases === undefined ? builtInUrgency : createPlainUrgency(phrases),
  };
}

function decide(options: {
  rules?: readonly unknown[];
  ticket?: Partial<Ticket>;
  classification?: Partial<Classification>;
}) {
  return decideRoute({
    ticket: { id: 't-1', body: 'Hello', ...options.ticket },
    classification: classification(options.classification),
    config: configOf(
      options.rules ?? [{ name: 'billing', when: { intent: 'account-management' }, then: { team: 'billing' } }],
    ),
    mode: 'shadow',
    now,
    id: 'd-1',
  });
}

describe('rules', () => {
  test('the first that matches wins', () => {
    const rules = [
      { name: 'orders', when: { intent: 'order-related' }, then: { team: 'sre' } },
      { name: 'first', when: { intent: 'account-management' }, then: { team: 'billing' } },
      { name: 'second', when: {}, then: { team: 'sre' } },
    ];
    expect(decide({ rules })).toMatchObject({ team: 'billing', rule: 'first' });
  });

  test('a parent intent matches its children, not intents whose ids have the same beginning', () => {
    const rules = [{ name: 'r', when: { intent: 'account-management' }, then: { team: 'billing' } }];
    expect(decide({ rules, classification: { intent: 'account-management' } }).rule).toBe('r');
    expect(decide({ rules, classification: { intent: 'account-management-old/x' } }).rule).toBe('triage');
  });

  test.each([
    ['pt', 'pt', true],
    ['pt', 'pt-BR', true],
    ['pt', 'PT_br', true],
    ['pt-BR', 'pt-BR', true],
    ['pt-BR', 'pt', false],
    ['pt-BR', 'pt-PT', false],
    ['pt', 'ptx', false],
  ])('language %s and a ticket in %s: %s', (wanted, language, matches) => {
    const rules = [{ name: 'r', when: { language: wanted }, then: { team: 'billing' } }];
    expect(decide({ rules, ticket: { language } }).rule === 'r').toBe(matches);
  });

  test('the stated language of a ticket takes precedence over the detected one', () => {
    const rules = [{ name: 'r', when: { language: 'de' }, then: { team: 'billing' } }];
    expect(decide({ rules, ticket: { language: 'de' }, classification: { language: 'en' } }).rule).toBe('r');
    expect(decide({ rules, classification: { language: 'de' } }).rule).toBe('r');
    expect(decide({ rules, classification: { language: null } }).rule).toBe('triage');
  });

  test('tier and channel match in upper and lower case; limits of confidence are included', () => {
    const rules = [
      {
        name: 'r',
        when: { tier: 'Enterprise', channel: ['chat', 'Email'], minConfidence: 0.9, maxConfidence: 0.91 },
        then: { team: 'billing' },
      },
    ];
    const ticket = { channel: 'email', requester: { tier: 'enterprise' } };
    expect(decide({ rules, ticket }).rule).toBe('r');
    expect(decide({ rules, ticket, classification: { confidence: 0.92 } }).rule).toBe('triage');
    expect(decide({ rules, ticket: { ...ticket, channel: 'phone' } }).rule).toBe('triage');
    expect(decide({ rules, ticket: { channel: 'email' } }).rule).toBe('triage');
  });

  test('a ticket that no rule matches goes to the triage team', () => {
    expect(decide({ rules: [] })).toMatchObject({ team: 'triage', rule: 'triage', tags: [], assignee: null });
  });
});

describe('abstaining', () => {
  const abstained = { abstained: true, abstainReason: 'two intents are about as likely.', confidence: 0.41 };

  test('goes to the triage team, whatever the rules say of the guess', () => {
    expect(decide({ classification: abstained })).toMatchObject({ team: 'triage', rule: 'triage' });
  });

  test('lets a rule that leads to the triage team set priority, SLA and tags', () => {
    const rules = [
      { name: 'billing', when: {}, then: { team: 'billing' } },
      {
        name: 'check',
        when: { intent: 'account-management', minConfidence: 0.4, maxConfidence: 0.5 },
        then: { team: 'triage', priority: 'urgent', sla: 'p1', tags: ['check'] },
      },
    ];
    const decision = decide({ rules, classification: abstained });
    expect(decision).toMatchObject({ team: 'triage', rule: 'check', priority: 'urgent', tags: ['check'] });
    expect(decision.because).toMatch(/\(41 % sure\).*, by rule "check", which takes guesses from 40 % on\.$/);
  });

  describe('a guess that was not good enough decides nothing', () => {
    const urgent = { team: 'triage', priority: 'urgent', sla: 'p1', tags: ['emergency'] };
    const ruleOf = (when: object) => [{ name: 'urgent', when, then: urgent }];
    const nothingSet = { team: 'triage', rule: 'triage', priority: 'normal', tags: [], sla: { name: null } };

    test.each([
      ['no bound', { intent: 'account-management' }],
      ['an upper bound alone', { intent: 'account-management', maxConfidence: 0.5 }],
      ['a lower bound of zero', { intent: 'account-management', minConfidence: 0 }],
      ['a bound that the guess misses', { intent: 'account-management', minConfidence: 0.42 }],
      ['no bound, beside other facts', { intent: 'account-management', language: 'en', urgency: 'normal' }],
    ])('a rule for an intent with %s does not count', (_, when) => {
      expect(decide({ rules: ruleOf(when), classification: abstained })).toMatchObject(nothingSet);
    });

    test.each([
      ['the tier', { tier: 'enterprise' }, {}],
      ['the channel', { channel: 'phone' }, {}],
      ['the language', { language: 'hi' }, {}],
      ['the urgency that Claude read', { urgency: 'critical' }, { urgency: 'critical' as const }],
      ['the urgency found in the own words', { urgency: 'high' }, { urgency: null }],
      ['that the engine was unsure', { maxConfidence: 0.5 }, {}],
    ])('a rule for %s does count', (_, when, read) => {
      const ticket = {
        body: 'We need this by tomorrow.',
        language: 'hi',
        channel: 'phone',
        requester: { tier: 'enterprise' },
      };
      const decision = decide({ rules: ruleOf(when), ticket, classification: { ...abstained, ...read } });
      expect(decision).toMatchObject({ rule: 'urgent', priority: 'urgent', sla: { name: 'p1' } });
    });

    test('rules further down still count', () => {
      const rules = [
        ...ruleOf({ intent: 'account-management' }),
        { name: 'unsure', when: {}, then: { team: 'triage', sla: 'p3' } },
      ];
      expect(decide({ rules, classification: abstained })).toMatchObject({ rule: 'unsure', sla: { name: 'p3' } });
      expect(decide({ rules }).rule).toBe('urgent');
    });
  });

  test('works without any intent', () => {
    const decision = decide({
      classification: { abstained: true, abstainReason: 'no engine answered', intent: null, confidence: 0 },
    });
    expect(decision.team).toBe('triage');
    expect(decision.because).toBe(
      'There is no guess; Triage looks at it first because no engine was sure enough of an intent (no engine answered).',
    );
  });
});

describe('priority and targets', () => {
  test.each([
    ['low', 'low'],
    ['normal', 'normal'],
    ['high', 'high'],
    ['critical', 'urgent'],
  ] as const)('urgency %s gives priority %s, unless the rule says otherwise', (urgency, priority) => {
    expect(decide({ classification: { urgency } })).toMatchObject({ urgency, priority });
    const rules = [{ name: 'r', then: { team: 'billing', priority: 'low' } }];
    expect(decide({ rules, classification: { urgency } })).toMatchObject({ urgency, priority: 'low' });
  });

  test('urgency comes from the words of the ticket where the engine gave none', () => {
    const ticket = { body: 'I need this by tomorrow' };
    expect(decide({ ticket, classification: { urgency: null } })).toMatchObject({ urgency: 'high', priority: 'high' });
    expect(decide({ ticket, classification: { urgency: 'low' } }).urgency).toBe('low');
  });

  test('a label in the ticket is no hurry', () => {
    const taxonomy = parseTaxonomy({
      text: 'name: x\nintents: [{id: urgent-security-issues, name: Urgent security issues}]',
      file: 'x',
    });
    const urgencyOf = (body: string) =>
      decideRoute({
        ticket: { id: 't', body },
        classification: classification({ urgency: null }),
        config: configOf([]),
        mode: 'shadow',
        now,
        id: 'd',
        taxonomy,
      }).urgency;
    expect(urgencyOf('When are you open?\nintent: urgent-security-issues')).toBe('normal');
    expect(urgencyOf('This is urgent. When are you open?\nintent: urgent-security-issues')).toBe('high');
    expect(urgencyOf('When are you open?\nCategory: Urgent security issues')).toBe('normal');
    expect(urgencyOf('I have an urgent security issue: help')).toBe('high');
  });

  test('due times count from when the customer wrote, otherwise from now', () => {
    const rules = [{ name: 'r', then: { team: 'billing', sla: 'p1' } }];
    const dueAfter = (createdAt?: string) =>
      decide({ rules, ticket: createdAt === undefined ? {} : { createdAt } }).sla;
    expect(dueAfter('2026-11-22T11:00:00+02:00')).toEqual({
      name: 'p1',
      firstResponseDueAt: '2026-11-22T09:15:00.000Z',
      resolutionDueAt: '2026-11-22T13:00:00.000Z',
    });
    expect(dueAfter().firstResponseDueAt).toBe('2026-11-22T10:15:00.000Z');
    expect(dueAfter('2027-01-01T00:00:00Z').firstResponseDueAt).toBe('2026-11-22T10:15:00.000Z');
  });

  test('due times count in the hours of the calendar that the SLA names', () => {
    const rules = [{ name: 'r', then: { team: 'billing', sla: 'office' } }];
    // A Sunday.
    expect(decide({ rules, ticket: { createdAt: '2026-11-22T09:00:00Z' } }).sla).toEqual({
      name: 'office',
      firstResponseDueAt: '2026-11-23T12:00:00.000Z',
      resolutionDueAt: '2026-11-24T16:00:00.000Z',
    });
  });

  test('a target that the SLA does not set is null', () => {
    const rules = [{ name: 'r', then: { team: 'billing', sla: 'p3' } }];
    expect(decide({ rules }).sla).toEqual({
      name: 'p3',
      firstResponseDueAt: null,
      resolutionDueAt: '2026-11-24T10:00:00.000Z',
    });
    expect(decide({ rules: [] }).sla).toEqual({ name: null, firstResponseDueAt: null, resolutionDueAt: null });
  });
});

describe('the assignee', () => {
  test('is the person that the rule names', () => {
    const rules = [{ name: 'r', then: { team: 'billing', assignee: 'philip' } }];
    expect(decide({ rules, ticket: { language: 'es' } }).assignee).toBe('philip');
  });

  test.each([
    ['es', 'ana'],
    ['es-MX', 'ana'],
    ['pt-BR', 'rui'],
    ['en', null],
    ['fr', null],
  ])('of a ticket in %s is %s: only a person who alone speaks it', (language, assignee) => {
    expect(decide({ ticket: { language } }).assignee).toBe(assignee);
  });

  test('is nobody when the languages of a member are not known', () => {
    const rules = [{ name: 'r', then: { team: 'sre' } }];
    expect(decide({ rules, ticket: { language: 'de' } }).assignee).toBeNull();
  });
});

describe('because', () => {
  const enterprise = { requester: { tier: 'enterprise' } };
  const rules = [
    {
      name: 'billing',
      when: { intent: 'account-management', tier: 'enterprise', urgency: 'high' },
      then: { team: 'billing' },
    },
  ];

  test('has the words that decided, or else the nearest example of the intent', () => {
    const becauseOf = (answer: Partial<Classification>) =>
      decide({ rules: [{ name: 'r', then: { team: 'sre' }, when: { minConfidence: 0.5 } }], classification: answer })
        .because;
    const near = (id: string, intent: string) => ({ id, intent, similarity: 0.9 });
    const own = near('ex-7', 'account-management/billing-inquiries');
    expect(becauseOf({ decidingWords: ['charged twice', 'my\ncard'], nearestExamples: [own] })).toBe(
      'Rule "r" matched: the intent is Billing inquiries (91 % sure, at least 50 % required; “charged twice” and “my card” speak for it).',
    );
    expect(becauseOf({ decidingWords: [], nearestExamples: [near('ex-1', 'other'), own] })).toBe(
      'Rule "r" matched: the intent is Billing inquiries (91 % sure, at least 50 % required; the nearest example is ex-7).',
    );
  });

  test('says that a person decided, and no percentage', () => {
    const answer = {
      stage: 'correction',
      confidence: 1,
      reasoning: 'A person gave this text this intent on 2026-03-04.',
    } as const;
    expect(
      decide({ rules: [{ name: 'r', then: { team: 'sre' }, when: { minConfidence: 0.5 } }], classification: answer })
        .because,
    ).toBe('Rule "r" matched: the intent is Billing inquiries (a person gave this text this intent on 2026-03-04).');
  });

  test('says that a person left it to nobody', () => {
    const reasoning = 'A person said on 2026-03-04 that this text belongs to nobody.';
    const answer = {
      stage: 'correction',
      intent: null,
      confidence: 0,
      abstained: true,
      reasoning,
      abstainReason: reasoning,
    } as const;
    expect(decide({ classification: answer }).because).toBe(
      'A person said on 2026-03-04 that this text belongs to nobody; Triage looks at it.',
    );
  });

  test('says when people disagree about the same words', () => {
    const answer = { peopleDisagree: true };
    expect(decide({ rules: [{ name: 'rest', then: { team: 'sre' } }], classification: answer }).because).toMatch(
      /\(91 % sure\); people have given this text different intents\.$/,
    );
  });

  test('names the rule and the facts that it looked at', () => {
    expect(decide({ rules, ticket: enterprise, classification: { urgency: 'high' } }).because).toBe(
      'Rule "billing" matched: the intent is Billing inquiries (91 % sure), the customer is on enterprise and the urgency is high.',
    );
  });

  test('says which words made it urgent', () => {
    const ticket = { ...enterprise, body: 'We need it by tomorrow' };
    expect(decide({ rules, ticket, classification: { urgency: null } }).because).toBe(
      'Rule "billing" matched: the intent is Billing inquiries (91 % sure), the customer is on enterprise and the urgency is high (the text says "by tomorrow").',
    );
  });

  test('names language, channel, required confidence and the only person who speaks the language', () => {
    const spoken = [
      { name: 'r', when: { language: 'es', channel: 'chat', minConfidence: 0.8 }, then: { team: 'billing' } },
    ];
    expect(decide({ rules: spoken, ticket: { language: 'es', channel: 'chat' } }).because).toBe(
      'Rule "r" matched: the intent is Billing inquiries (91 % sure, at least 80 % required), the language is Spanish and it came by chat; Ana gets it as the only one in the team who speaks Spanish.',
    );
  });

  test('names a rule without conditions', () => {
    expect(decide({ rules: [{ name: 'rest', then: { team: 'sre' } }] }).because).toBe(
      'Rule "rest" takes every ticket that no rule above it took: the intent is Billing inquiries (91 % sure).',
    );
  });

  test('says why it is triage', () => {
    expect(decide({ rules: [], ticket: enterprise }).because).toBe(
      'No rule matched, so Triage takes it: the intent is Billing inquiries (91 % sure), the language is English, the customer is on enterprise and the urgency is normal.',
    );
  });

  describe('of a ticket that no engine was sure of', () => {
    const abstained = { abstained: true, abstainReason: 'two intents are about as likely.', confidence: 0.41 };

    test('puts the guess first, then why nobody decided', () => {
      expect(decide({ classification: abstained }).because).toBe(
        'Looks like Billing inquiries (41 % sure); Triage looks at it first because no engine was sure enough of an intent (two intents are about as likely).',
      );
    });

    test('does not say that it looks like what is hardly a guess', () => {
      expect(decide({ classification: { ...abstained, confidence: 0.03 } }).because).toMatch(
        /^There is hardly a guess, at most Billing inquiries \(3 % sure\); Triage looks at it first because /,
      );
    });

    test('names up to three words that speak for the guess', () => {
      const becauseOf = (decidingWords: string[]) =>
        decide({ classification: { ...abstained, decidingWords } }).because.replace(/;.*/, '');
      expect(becauseOf(['refund'])).toBe('Looks like Billing inquiries (41 % sure): “refund” speaks for it');
      expect(becauseOf(['charged twice', 'refund', 'card', 'plan'])).toBe(
        'Looks like Billing inquiries (41 % sure): “charged twice”, “refund” and “card” speak for it',
      );
    });

    test('names the urgency unless it is normal, and the rule that gave it a clock', () => {
      const rules = [{ name: 'soon', when: { urgency: 'high' }, then: { team: 'triage', sla: 'p1' } }];
      const classification = { ...abstained, urgency: 'high' } as const;
      expect(decide({ rules, classification }).because).toBe(
        'Looks like Billing inquiries (41 % sure), and the urgency is high; Triage looks at it first because no engine was sure enough of an intent (two intents are about as likely), by rule "soon".',
      );
    });
  });

  test('never writes 100 % for what is not certain, and uses the names of the taxonomy', () => {
    const taxonomy = parseTaxonomy({ text: 'name: x\nintents: [{id: a, name: API calls}]', file: 'x' });
    const decision = decideRoute({
      ticket: { id: 't', body: 'x' },
      classification: classification({ intent: 'a', confidence: 0.9999 }),
      config: configOf([]),
      mode: 'auto',
      now,
      id: 'd',
      taxonomy,
    });
    expect(decision.because).toContain('the intent is API calls (99 % sure)');
  });
});

describe('for any ticket and any rules', () => {
  const word = fc.constantFrom('a', 'a/b', 'a/b/c', 'b', 'ab');
  const language = fc.constantFrom('en', 'pt', 'pt-BR', 'de', 'xx');
  const condition = fc.record(
    {
      intent: fc.array(word, { minLength: 1, maxLength: 3 }),
      urgency: fc.array(fc.constantFrom(...urgencies), { minLength: 1, maxLength: 2 }),
      language: fc.array(language, { minLength: 1, maxLength: 2 }),
      tier: fc.constantFrom('free', 'enterprise'),
      minConfidence: fc.double({ min: 0, max: 1, noNaN: true }),
    },
    { requiredKeys: [] },
  );
  const rules = fc
    .array(fc.record({ when: condition, team: fc.constantFrom('triage', 'billing', 'sre') }), { maxLength: 6 })
    .map((items) => items.map(({ when, team }, index) => ({ name: `r${index}`, when, then: { team } })));
  const request = fc.record({
    rules,
    ticket: fc.record(
      { subject: fc.string(), language, requester: fc.record({ tier: fc.constantFrom('free', 'enterprise') }) },
      { requiredKeys: [] },
    ),
    classification: fc.record({
      intent: fc.option(word),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      abstained: fc.boolean(),
      abstainReason: fc.option(fc.string()),
      urgency: fc.option(fc.constantFrom(...urgencies)),
      language: fc.option(language),
    }),
  });

  test('the decision is complete and always the same, and the request is not changed', () => {
    fc.assert(
      fc.property(request, (input) => {
        const before = structuredClone(input);
        const decision = decide(input);
        expect(decisionSchema.parse(decision)).toEqual(decision);
        expect(decide(input)).toEqual(decision);
        expect(input).toEqual(before);
        expect(decision.because).toMatch(/^[A-Z].*\.$/s);
      }),
    );
  });

  test('the rule that fired matches and none above it does; abstained ones end in triage', () => {
    fc.assert(
      fc.property(request, (input) => {
        const decision = decide(input);
        const facts = {
          ...ordinaryFacts,
          intent: input.classification.intent,
          confidence: input.classification.confidence,
          urgency: decision.urgency,
          language: input.ticket.language ?? input.classification.language,
          tier: input.ticket.requester?.tier ?? null,
        };
        const matching = configOf(input.rules)
          .routing.filter((rule) => matchesCondition(rule.when, facts))
          .filter(
            ({ when, then }) => !input.classification.abstained || (then.team === 'triage' && !takesAnyGuess(when)),
          );
        expect(decision.rule).toBe(matching[0]?.name ?? 'triage');
        expect(decision.team).toBe(matching[0]?.then.team ?? 'triage');
      }),
    );
  });

  test('a rule added at the end changes only what was unmatched', () => {
    fc.assert(
      fc.property(request, (input) => {
        const decision = decide(input);
        const extended = decide({ ...input, rules: [...input.rules, { name: 'last', then: { team: 'sre' } }] });
        if (decision.rule !== 'triage' || input.classification.abstained) expect(extended).toEqual(decision);
        else expect(extended).toMatchObject({ rule: 'last', team: 'sre' });
      }),
    );
  });
});

describe('automatic mail', () => {
  const ticket: Ticket = { id: 't', subject: 'Automatic reply: Your order', body: 'I am out of the office. Urgent!' };
  const decide = (when: object) =>
    decideRoute({
      ticket,
      classification: classification({ intent: null, abstained: true, abstainReason: 'An automatic reply.' }),
      config: configOf([
        { name: 'everything', then: { team: 'sre' } },
        { name: 'machines', when, then: { team: 'billing' } },
      ]),
      mode: 'auto',
      now,
      id: 'd-1',
    });

  test('goes to triage, whatever other rules would match', () => {
    expect(decide({ automatic: false })).toMatchObject({
      team: 'triage',
      rule: 'triage',
      priority: 'normal',
      because:
        'No rule matched, so Triage takes it: it is automatic mail (An automatic reply of somebody who is away: subject and text say so).',
    });
  });

  test('follows a rule that names it', () => {
    expect(decide({ automatic: true })).toMatchObject({
      team: 'billing',
      rule: 'machines',
      because:
        'Rule "machines" matched: it is automatic mail (An automatic reply of somebody who is away: subject and text say so).',
    });
  });
});

describe('urgency by plain words', () => {
  test("counts the company's own phrases, and says which", () => {
    const decideWith = (phrases: UrgencyPhrases, rules: readonly unknown[] = []) =>
      decideRoute({
        ticket: { id: 't-1', subject: 'Dock 4', body: 'The belt stands still.\n\n> Is it a code red?' },
        classification: classification({ urgency: null }),
        config: configOf(rules, phrases),
        mode: 'shadow',
        now,
        id: 'd-1',
      });
    expect(decideWith({}).priority).toBe('normal');
    expect(decideWith({ danger: { en: ['fire in dock 9'] } }).priority).toBe('normal');
    const outage = { outage: { en: ['the belt stands still'] } };
    expect(decideWith(outage)).toMatchObject({
      priority: 'high',
      because: expect.stringContaining('the text says "the belt stands still"'),
    });
    const rule = { name: 'all', when: { intent: 'account-management' }, then: { team: 'billing' } };
    expect(decideWith(outage, [rule]).because).toBe(
      'Rule "all" matched: the intent is Billing inquiries (91 % sure) and the urgency is high (the text says "the belt stands still").',
    );
    const fixed = { ...rule, then: { team: 'billing', priority: 'low' } };
    expect(decideWith(outage, [fixed]).because).toBe(
      'Rule "all" matched: the intent is Billing inquiries (91 % sure).',
    );
  });

  // Where the engine gave no urgency: abstained, as at automatic mail, and not.
  const engines = [
    classification({ urgency: null }),
    classification({ urgency: null, intent: null, confidence: 0, abstained: true, abstainReason: 'no engine' }),
  ];
  test.each(mailFacts.flatMap(({ facts }) => facts))('is at most $priorityAtMost: $what', (fact) => {
    for (const answer of engines) {
      const { priority } = decideRoute({
        ticket: ticketOf(fact),
        classification: answer,
        config: configOf([]),
        mode: 'shadow',
        now,
        id: 'd-1',
      });
      expect(priorities.indexOf(priority)).toBeLessThanOrEqual(priorities.indexOf(fact.priorityAtMost));
    }
  });
});
