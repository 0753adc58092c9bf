export const mailShapes = ['reply', 'forward', 'chain', 'signature', 'footer'] as const;
export type MailShape = (typeof mailShapes)[number];

/** What a client needs to know to write one mail. */
export type MailFacts = {
  readonly language: string;
  readonly shape: MailShape;
  /** Chooses among the ways a client writes the same thing. */
  readonly variant: number;
  readonly name: string;
  readonly address: string;
  readonly shopName: string;
  readonly shopAddress: string;
  readonly customerName: string;
  readonly customerAddress: string;
  readonly subject: string;
  readonly greeting: string;
  readonly text: string;
  /** The mail that is passed on. */
  readonly forwarded: string;
  /** Older mails of the shop, the newest first. */
  readonly shop: readonly [string, string];
  /** The customer's mail between them. */
  readonly earlierText: string;
  readonly closing: string;
  readonly signature: readonly string[];
  readonly legal: string;
};

/** What the writer of the mail typed, as paragraphs: greeting, text, closing and name. */
export function typedText({ greeting, text, closing, name }: MailFacts): string {
  return `${greeting}\n\n${text}\n\n${closing}\n${name}`;
}

export function shopMail(facts: MailFacts, index: 0 | 1): string {
  return `${facts.greeting}\n\n${facts.shop[index]}\n\n${facts.closing}\nAna Ferreira`;
}

export function fillIn(template: string, person: { readonly name: string; readonly address: string }): string {
  return template.replaceAll('{name}', person.name).replaceAll('{address}', person.address);
}
