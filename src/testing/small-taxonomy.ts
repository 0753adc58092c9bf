import { versionOf } from '../base/hash.ts';
import type { Example } from '../classifiers/retrieval/example-index.ts';
import type { IntentNode, Taxonomy } from '../taxonomy/taxonomy.ts';

/** A flat taxonomy for tests: intent by id, with its description. */
export function smallTaxonomy(descriptions: Readonly<Record<string, string>>): Taxonomy {
  const intents = Object.entries(descriptions).map(
    ([id, description]): IntentNode => ({
      id,
      name: id.replaceAll('-', ' '),
      description,
      includes: [],
      excludes: [],
      examples: [],
      instructions: '',
      children: [],
    }),
  );
  return {
    name: 'Small shop',
    version: versionOf(descriptions),
    priority: [],
    whenAngry: 'intent',
    instructions: '',
    intents,
    nodes: new Map(intents.map((node) => [node.id, node])),
    leaves: intents,
    aliases: new Map(),
  };
}

/** Intents of an invented shop, each with its description. */
export const shopIntents = {
  'password-reset': 'The customer has forgotten the password and wants a new one.',
  billing: 'Charges, invoices, refunds and payment cards.',
  shipping: 'Where a parcel is, when it arrives, delivery addresses.',
  returns: 'Sending goods back or exchanging them for another size or colour.',
} as const;

const shopTexts: Readonly<Record<keyof typeof shopIntents, readonly string[]>> = {
  'password-reset': [
    'I forgot my password, how do I get a new one?',
    'The link to reset my password never arrives',
    'Please reset the password of my account',
    'I cannot log in because my password is not accepted any more',
    'How can I change a password that I have forgotten?',
    'My new password does not work after the reset',
  ],
  billing: [
    'I was charged twice for the same invoice',
    'Please send me the invoice of last month',
    'Why is there an extra charge on my credit card?',
    'I want a refund for a payment that I did not make',
    'The amount on my invoice is wrong',
    'Can I pay by bank transfer instead of credit card?',
  ],
  shipping: [
    'Where is my parcel?',
    'The tracking number shows no progress since Monday',
    'When will my delivery arrive?',
    'My package was delivered to the wrong address',
    'How long does shipping to Norway take?',
    'The courier says that the parcel is lost',
  ],
  returns: [
    'I want to send the shoes back because they are too small',
    'How do I return an item that I do not like?',
    'Can I exchange the jacket for a larger size?',
    'The return label is missing from the box',
    'I would like to exchange the blue one for a red one',
    'How many days do I have to return goods?',
  ],
};

/** Six labelled tickets for each intent of the invented shop. */
export function shopExamples(): Example[] {
  return Object.entries(shopTexts).flatMap(([intent, texts]) =>
    texts.map((body, i) => ({ id: `${intent}-${i + 1}`, intent, body, language: 'en' })),
  );
}

/** Texts that are not among the examples, with their intent. */
export const shopQuestions: readonly { readonly body: string; readonly intent: keyof typeof shopIntents }[] = [
  { body: 'my password is forgotten, can you reset it', intent: 'password-reset' },
  { body: 'the password reset link does not work', intent: 'password-reset' },
  { body: 'you charged my credit card twice', intent: 'billing' },
  { body: 'there is a mistake on the invoice', intent: 'billing' },
  { body: 'has my parcel been delivered yet? the tracking number does not work', intent: 'shipping' },
  { body: 'when does the package arrive', intent: 'shipping' },
  { body: 'can I exchange the shoes for another size', intent: 'returns' },
  { body: 'I want to return the jacket', intent: 'returns' },
];

/** Two German tickets for each intent of the invented shop. */
export function germanShopExamples(): Example[] {
  return Object.entries(germanTexts).flatMap(([intent, texts]) =>
    texts.map((body, i) => ({ id: `german-${intent}-${i + 1}`, intent, body, language: 'de' })),
  );
}

const germanTexts: Readonly<Record<keyof typeof shopIntents, readonly string[]>> = {
  'password-reset': [
    'Ich habe mein Passwort vergessen und komme nicht mehr in mein Konto',
    'Die Mail zum Zurücksetzen des Passworts kommt nie an',
  ],
  billing: [
    'Auf der Rechnung steht ein falscher Betrag, bitte korrigieren Sie ihn',
    'Warum wurde meine Kreditkarte zweimal belastet?',
  ],
  shipping: ['Mein Paket ist noch nicht angekommen, wo steckt es?', 'Wie lange dauert die Lieferung nach Österreich?'],
  returns: [
    'Die Schuhe sind zu klein, ich möchte sie umtauschen',
    'Wie schicke ich Ware zurück, die mir nicht gefällt?',
  ],
};
