import { fillIn, type MailFacts, shopMail, typedText } from './mail-facts.ts';
import { wordsOf } from './plain-clients.ts';

type Written = { readonly subject: string; readonly body: string };

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const linked = (address: string) => `<a href="mailto:${address}" target="_blank">${address}</a>`;
/** One element a line; an empty line is an element with a break, as editors write it. */
const blocks = (text: string, open: string, close: string) =>
  text
    .split('\n')
    .map((line) => `${open}${line === '' ? '<br>' : escaped(line)}${close}`)
    .join('');

/** Outlook on the web: every line a div, a rule and the header block with bold names above the older mail. */
export function outlookWebHtml(facts: MailFacts): Written {
  const { outlook } = wordsOf(facts.language);
  const [from, sent, to, , subject] = outlook.fields;
  const style = 'font-family: Aptos, Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);';
  const paragraphs = (text: string) => blocks(text, `<div class="elementToProof" style="${style}">`, '</div>');
  const header = (writer: { name: string; address: string }, reader: string) =>
    '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">' +
    '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">' +
    `<b>${from}</b> ${escaped(`${writer.name} <${writer.address}>`)}<br><b>${sent}</b> ${outlook.date}<br>` +
    `<b>${to}</b> ${escaped(reader)}<br><b>${subject}</b> ${escaped(facts.subject)}</font><div>&nbsp;</div></div>`;
  const shop = { name: facts.shopName, address: facts.shopAddress };
  const customer = { name: facts.customerName, address: facts.customerAddress };
  const head =
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">' +
    '<style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style></head><body dir="ltr">';
  const signature =
    facts.shape === 'signature' || facts.shape === 'footer'
      ? `<div id="Signature">${blocks(facts.signature.join('\n'), `<p style="${style}">`, '</p>')}</div>`
      : '';
  const footer = facts.shape === 'footer' ? `<p style="font-size:8pt;color:gray">${escaped(facts.legal)}</p>` : '';
  const mail = (text: string) => `<div class="BodyFragment">${blocks(text, '<div>', '</div>')}</div>`;
  const older =
    facts.shape === 'forward'
      ? header(customer, facts.shopAddress) + mail(facts.forwarded)
      : header(shop, facts.name) +
        mail(shopMail(facts, 0)) +
        (facts.shape === 'chain'
          ? header(customer, facts.shopName) +
            mail(facts.earlierText) +
            header(shop, facts.customerName) +
            mail(shopMail(facts, 1))
          : '');
  return {
    subject: `${facts.shape === 'forward' ? outlook.forward : outlook.reply} ${facts.subject}`,
    body: `${head}${paragraphs(typedText(facts))}${signature}${footer}${older}</body></html>`,
  };
}

/** Gmail as HTML: gmail_attr with the header, the older mail in blockquotes of class gmail_quote. */
export function gmailHtml(facts: MailFacts): Written {
  const { gmail } = wordsOf(facts.language);
  const own = `<div dir="ltr">${blocks(typedText(facts), '<div>', '</div>')}`;
  const quoteStyle =
    'class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"';
  const intro = (name: string, address: string) =>
    `<div dir="ltr" class="gmail_attr">${escaped(fillIn(gmail.intro, { name, address: '@@' })).replace('@@', linked(address))}<br></div>`;
  const quoted = (header: string, inner: string) =>
    `<div class="gmail_quote gmail_quote_container">${header}<blockquote ${quoteStyle}><div dir="ltr">${inner}</div></blockquote></div>`;
  if (facts.shape === 'forward') {
    const header =
      '<div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>' +
      `${gmail.from} <strong class="gmail_sendername" dir="auto">${escaped(facts.customerName)}</strong> ` +
      `<span dir="auto">&lt;${linked(facts.customerAddress)}&gt;</span><br>Date: ${gmail.date}<br>` +
      `Subject: ${escaped(facts.subject)}<br>To:  &lt;${linked(facts.shopAddress)}&gt;<br></div>`;
    const body = `${own}<br><div class="gmail_quote gmail_quote_container">${header}<br><br>${blocks(facts.forwarded, '<div>', '</div>')}</div></div>`;
    return { subject: `Fwd: ${facts.subject}`, body };
  }
  const lines = (text: string) => blocks(text, '<div>', '</div>');
  const deepest = quoted(intro(facts.shopName, facts.shopAddress), lines(shopMail(facts, 1)));
  const middle = quoted(intro(facts.customerName, facts.customerAddress), lines(facts.earlierText) + deepest);
  const first = lines(shopMail(facts, 0)) + (facts.shape === 'chain' ? `<br>${middle}` : '');
  const signatureLines = [...facts.signature, ...(facts.shape === 'footer' ? ['', facts.legal] : [])];
  const signature =
    facts.shape === 'signature' || facts.shape === 'footer'
      ? `<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature"><div dir="ltr">${signatureLines.map(escaped).join('<br>')}</div></div>`
      : '';
  return {
    subject: `Re: ${facts.subject}`,
    body: `${own}${signature}</div><br>${quoted(intro(facts.shopName, facts.shopAddress), first)}\n`,
  };
}
