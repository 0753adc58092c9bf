import { gmailHtml, outlookWebHtml } from './html-clients.ts';
import { type MailFacts, type MailShape, mailShapes } from './mail-facts.ts';
import { peopleWords } from './people-words.ts';
import { appleMail, gmailPlain, outlookDesktop, thunderbird, yahooMail } from './plain-clients.ts';

/** A mail as a client sends it, and the words in it that its writer, or in a forward the writer before, wrote. */
export type GeneratedMail = {
  /** For example `thunderbird nl chain`. */
  readonly name: string;
  readonly subject: string;
  readonly body: string;
  /** Without greeting-independent extras: no closing formula, name, signature, footer, header or older mail. */
  readonly own: string;
  /** The closing formula and the name, which may count as own words or as a signature. */
  readonly signOff: readonly string[];
};

export type MailClient = (facts: MailFacts) => { readonly subject: string; readonly body: string };

const clients: Readonly<Record<string, MailClient>> = {
  'outlook-desktop': outlookDesktop,
  'outlook-web': outlookWebHtml,
  'gmail-plain': gmailPlain,
  'gmail-html': gmailHtml,
  'apple-mail': appleMail,
  thunderbird,
};
const eightLanguages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'ja'];
const moreLanguages = ['da', 'sv', 'pl'];
const clientsOfMoreLanguages = ['outlook-desktop', 'gmail-plain', 'apple-mail', 'thunderbird'];

/** Six clients in eight languages and four in three more, five shapes each: 300 mails; and 16 of Yahoo Mail. */
export function generateMails(): GeneratedMail[] {
  const mails: GeneratedMail[] = [];
  const add = (name: string, client: MailClient, language: string, shape: MailShape) => {
    const facts = mailFacts(language, shape, mails.length);
    const own = [facts.greeting, facts.text, ...(shape === 'forward' ? [facts.forwarded] : [])].join('\n\n');
    mails.push({ name: `${name} ${language} ${shape}`, ...client(facts), own, signOff: [facts.closing, facts.name] });
  };
  for (const [name, client] of Object.entries(clients)) {
    const languages = clientsOfMoreLanguages.includes(name) ? [...eightLanguages, ...moreLanguages] : eightLanguages;
    for (const language of languages) for (const shape of mailShapes) add(name, client, language, shape);
  }
  for (const language of eightLanguages) {
    add('yahoo', yahooMail, language, 'reply');
    add('yahoo', yahooMail, language, 'signature');
  }
  return mails;
}

function mailFacts(language: string, shape: MailShape, index: number): MailFacts {
  const words = peopleWords[language];
  if (words === undefined) throw new Error(`no words of people for ${language}`);
  const colleague = { name: 'Nora Bright', address: 'reception@northwind.example' };
  return {
    language,
    shape,
    variant: index,
    name: shape === 'forward' ? colleague.name : words.customer.name,
    address: shape === 'forward' ? colleague.address : words.customer.address,
    shopName: 'Ana Ferreira (Northwind Nest)',
    shopAddress: 'support@northwind.example',
    customerName: words.customer.name,
    customerAddress: words.customer.address,
    subject: words.subject,
    greeting: words.greeting,
    text: shape === 'forward' ? words.note : (words.messages[index % 3] ?? ''),
    forwarded: words.messages[index % 3] ?? '',
    shop: words.shop,
    earlierText: words.messages[(index + 1) % 3] ?? '',
    closing: words.closing,
    signature: words.signature,
    legal: words.legal,
  };
}
