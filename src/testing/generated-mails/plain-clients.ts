import { type ClientWords, clientWords } from './client-words.ts';
import { fillIn, type MailFacts, shopMail, typedText } from './mail-facts.ts';

type Written = { readonly subject: string; readonly body: string };

export function wordsOf(language: string): ClientWords {
  const words = clientWords[language];
  if (words === undefined) throw new Error(`no words of clients for ${language}`);
  return words;
}

const shopOf = (facts: MailFacts) => ({ name: facts.shopName, address: facts.shopAddress });
const customerOf = (facts: MailFacts) => ({ name: facts.customerName, address: facts.customerAddress });
const joined = (...blocks: readonly string[]) => blocks.filter((block) => block !== '').join('\n\n');

/** Signature and footer of a mail, below the typed text, as `delimiter` (such as "-- ") introduces them. */
function below(facts: MailFacts, delimiter: string): string {
  const block = [...(delimiter === '' ? [] : [delimiter, facts.name]), ...facts.signature].join('\n');
  if (facts.shape === 'signature') return block;
  return facts.shape === 'footer' ? `${block}\n\n${facts.legal}` : '';
}

/** Outlook of Windows with Exchange: a header block, below nothing, underscores or the line of a plain-text mail. */
export function outlookDesktop(facts: MailFacts): Written {
  const { outlook } = wordsOf(facts.language);
  const [from, sent, to, copy, subject] = outlook.fields;
  const separator = ['', '________________________________', `-----${outlook.original}-----`][facts.variant % 3] ?? '';
  const header = (writer: { name: string; address: string }, reader: string, withCopy: boolean) =>
    [
      ...(separator === '' ? [] : [separator]),
      // Exchange leaves the address out for people of the same company.
      `${from} ${facts.variant % 2 === 0 ? `${writer.name} <${writer.address}>` : writer.name}`,
      `${sent} ${outlook.date}`,
      `${to} ${reader}`,
      ...(withCopy ? [`${copy} Nora Bright <nora@northwind.example>`] : []),
      `${subject} ${facts.subject}`,
    ].join('\n');
  const own = typedText(facts);
  if (facts.shape === 'forward') {
    const passedOn = `${header(customerOf(facts), facts.shopAddress, false)}\n\n${facts.forwarded}`;
    return { subject: `${outlook.forward} ${facts.subject}`, body: `${own}\n\n${passedOn}\n` };
  }
  const first = `${header(shopOf(facts), facts.name, facts.variant % 4 === 0)}\n\n${shopMail(facts, 0)}`;
  const earlier = `${header(customerOf(facts), facts.shopName, false)}\n\n${facts.greeting}\n\n${facts.earlierText}\n\n${facts.closing}\n${facts.customerName}`;
  const second = `${header(shopOf(facts), facts.customerName, false)}\n\n${shopMail(facts, 1)}`;
  const thread = facts.shape === 'chain' ? joined(first, earlier, second) : first;
  const signature = below(facts, '');
  // Separators stand right under the signature, without an empty line.
  const gap = separator.startsWith('_') ? '\n' : '\n\n';
  return {
    subject: `${outlook.reply} ${facts.subject}`,
    body: `${own}${signature === '' ? '' : `\n${signature}`}${gap}${thread}\n`,
  };
}

/** Gmail as plain text: the header wraps before the address or the last word, quoted lines begin with "> ". */
export function gmailPlain(facts: MailFacts): Written {
  const { gmail } = wordsOf(facts.language);
  const own = typedText(facts);
  if (facts.shape === 'forward') {
    const header = [
      '---------- Forwarded message ---------',
      `${gmail.from} ${facts.customerName} <${facts.customerAddress}>`,
      `Date: ${gmail.date}`,
      `Subject: ${facts.subject}`,
      `To: <${facts.shopAddress}>`,
    ].join('\n');
    return { subject: `Fwd: ${facts.subject}`, body: `${own}\n\n${header}\n\n\n${facts.forwarded}\n` };
  }
  const intro = (person: { name: string; address: string }) => wrapAt(fillIn(gmail.intro, person), 78);
  const deepest = `${intro(shopOf(facts))}\n\n${quote(shopMail(facts, 1))}`;
  const middle = `${intro(customerOf(facts))}\n\n${quote(`${facts.earlierText}\n\n${deepest}`)}`;
  const quoted = facts.shape === 'chain' ? joined(shopMail(facts, 0), middle) : shopMail(facts, 0);
  return {
    subject: `Re: ${facts.subject}`,
    body: `${joined(own, below(facts, '-- '), intro(shopOf(facts)), quote(quoted))}\n`,
  };
}

/** Apple Mail on a Mac and on a telephone: the header stands inside the quotation there, and above it before 2020. */
export function appleMail(facts: MailFacts): Written {
  const { apple } = wordsOf(facts.language);
  const ownLines = typedText(facts);
  const own = facts.variant % 2 === 0 && facts.shape === 'reply' ? joined(ownLines, apple.phone) : ownLines;
  if (facts.shape === 'forward') {
    const [from, subject, date, to] = apple.fields;
    const header = [
      `${from} ${facts.customerName} <${facts.customerAddress}>`,
      `${subject} ${facts.subject}`,
      `${date} ${apple.date}`,
      `${to} ${facts.shopAddress}`,
    ].join('\n');
    const inner = `${apple.forward}\n\n${header}\n\n${facts.forwarded}`;
    // A Mac quotes the forwarded mail, a telephone does not.
    return {
      subject: `Fwd: ${facts.subject}`,
      body: `${own}\n\n${facts.variant % 2 === 0 ? quote(inner) : inner}\n`,
    };
  }
  const intro = (person: { name: string; address: string }) => fillIn(apple.intro, person);
  const deepest = quote(`${intro(shopOf(facts))}\n\n${shopMail(facts, 1)}`);
  const middle = quote(`${intro(customerOf(facts))}\n\n${facts.earlierText}\n\n${deepest}`);
  const inner = facts.shape === 'chain' ? joined(shopMail(facts, 0), middle) : shopMail(facts, 0);
  const thread =
    facts.variant % 2 === 0
      ? quote(`${intro(shopOf(facts))}\n\n${inner}`)
      : `${intro(shopOf(facts))}\n\n${quote(inner)}`;
  return {
    subject: `Re: ${facts.subject}`,
    body: `${own}\n${below(facts, '') === '' ? '' : `${below(facts, '')}\n`}\n${thread}\n`,
  };
}

/** Thunderbird: header without an address and no empty line under it, quoted lines ">", deeper ones ">>". */
export function thunderbird(facts: MailFacts): Written {
  const words = wordsOf(facts.language).thunderbird;
  const own = typedText(facts);
  if (facts.shape === 'forward') {
    const [subject, date, from, to] = words.fields;
    const header = [
      `-------- ${words.forward} --------`,
      `${subject} \t${facts.subject}`,
      `${date} \tMon, 9 Nov 2026 09:14:02 +0100`,
      `${from} \t${facts.customerName} <${facts.customerAddress}>`,
      `${to} \t${facts.shopAddress}`,
    ].join('\n');
    return { subject: `Fwd: ${facts.subject}`, body: `${own}\n\n\n${header}\n\n\n\n${facts.forwarded}\n\n` };
  }
  const intro = (person: { name: string; address: string }) => fillIn(words.intro, person);
  const deepest = `${intro(shopOf(facts))}\n${quote(shopMail(facts, 1), '>')}`;
  const middle = `${intro(customerOf(facts))}\n${quote(`${facts.earlierText}\n\n${deepest}`, '>')}`;
  const quoted = facts.shape === 'chain' ? joined(shopMail(facts, 0), middle) : shopMail(facts, 0);
  const thread = `${intro(shopOf(facts))}\n${quote(quoted, '>')}`;
  const signature = below(facts, '-- ');
  // Thunderbird puts the signature below the quotation unless its owner moved it.
  const body = facts.variant % 2 === 0 ? joined(own, signature, thread) : joined(own, thread, signature);
  return { subject: `Re: ${facts.subject}`, body: `${body}\n` };
}

/** Yahoo Mail: the older mail stands unquoted, indented by two spaces, below its header. */
export function yahooMail(facts: MailFacts): Written {
  const { yahoo = '' } = wordsOf(facts.language);
  const older = shopMail(facts, 0).replace(/^(?=.)/gm, '  ');
  return {
    subject: `Re: ${facts.subject}`,
    body: `${typedText(facts)}\n${below(facts, '')}\n\n    ${fillIn(yahoo, shopOf(facts))}  \n \n${older}\n`,
  };
}

function quote(text: string, mark = '> '): string {
  return text
    .split('\n')
    .map((line) =>
      line === '' ? mark.trimEnd() : line.startsWith('>') ? `>${line}` : mark === '>' ? `> ${line}` : mark + line,
    )
    .join('\n');
}

/** Breaks a line where it grows longer than `width`, as format=flowed does. */
function wrapAt(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].join('\n');
}
