import { isRule, type Line } from './lines.ts';
import { comparable, countWords, legalWords, speaksOfSelf } from './words.ts';

const MAX_LINE_LENGTH = 140;
const MAX_LINES = 12;
/** Where every third line is one of contact details. */
const MAX_LINES_WITH_CONTACTS = 20;
const MAX_WORDS = 8;
const MAX_WORDS_BELOW_DELIMITER = 14;

const addressOrLink = /https?:|www\.|[^\s@]{1,64}@[^\s@]{2,}\.[^\s@]{2,}/iu;
/** Telephone numbers as signatures have them: with a plus, a leading zero, brackets, or in three groups or more. */
const phone = /(?:\+|\b0|\()\p{Nd}[\p{Nd} ()/.\-–]{4,25}\p{Nd}|\b\p{Nd}{2,4}(?:[ .-]\p{Nd}{2,4}){2,4}\b/u;
/** "100 Main St, Suite 4, San Jose, CA 95110" */
const postalAddress = /,.*(?:^|\s)(?:[A-Z]{1,2}-?)?\p{Nd}{4,6}(?:$|[\s,])/u;
const divided = /\s[|•·–—]\s/u;
const contactWord =
  /(?:^|[^\p{L}])(?:tel|t|telefon|telefono|teléfono|téléphone|telephone|tél|tlf|tfn|phone|ph|p|mob|mobile|mobil|m|móvil|movil|cell|celular|telemóvel|portable|gsm|handy|fax|f|direct|office|e-?mail|mail|e|courriel|correo|web|website|w|www|internet|skype|linkedin|address|adresse|anschrift|adres|dirección|indirizzo|endereço|morada|osoite|adresa|адрес|hotline|helpdesk|support|emergency|notruf|urgences?|emergencias?|電話|携帯|住所|メール|電子メール|url|传真|电话|手机|邮箱|地址|邮编|전화|휴대폰|팩스|이메일|주소|тел|моб|факс|puh|instagram|facebook|twitter|whatsapp|xing|teams|(?:office|opening|working|business) (?:hours|days)|(?:büro|sprech|öffnungs|geschäfts)zeiten|arbeitstage|horaires|horarios?|orari|orario|horário|openingstijden|werkdagen|åbningstider|öppettider|åpningstider|aukioloajat|godziny (?:pracy|otwarcia)|営業時間|定休日)\s{0,2}[:.：]|\b(?:tel|fax|telefon|mobil|telefono|teléfono|téléphone|telefone|hotline)\b/iu;
/** Whom to call at any hour, as a label before a number. */
const dutyLabel =
  /(?:^|\s)(?:larm|jour|nöd(?:fall|nummer)|notf[aä]lle?|notdienst|bereitschaft(?:sdienst)?|pikett|vakttelefon|vagttelefon|spoed(?:nummer|gevallen)?|pogotowie|emergenz[ae]|urgenz[ae]|emergências?|urgências?|astreinte|guardia|päivystys|acil|pohotovost)(?:\s|$)/iu;
const company =
  /(?:^|[^\p{L}])(?:ltd|limited|inc|llc|llp|plc|corp|gmbh|mbh|ag|kg|ohg|ug|e\.?v|sarl|sas|s\.a|s\.?l\.?u?|srl|s\.?r\.?l|s\.?p\.?a|lda|ltda|b\.?v|n\.?v|vof|aps|a\/s|ab|as|oy|oyj|sp\. ?z ?o\. ?o|s\.r\.o|kft|pty|pvt|co)\.?(?=[^\p{L}]|$)|株式会社|有限会社|合同会社|公司|주식회사/iu;
const sentenceEnd = /[.!?…。？！]["'”’)]?$/;
const listItem = /^(?:[-*•–—+]\s|\p{Nd}{1,2}[.)]\s|\[[ x]\])/iu;
/** One to four words that each begin with a capital: what a name looks like. Scripts without capitals pass by length. */
const nameLine =
  /^(?:(?:\p{Lu}|\p{Lo})[\p{L}\p{M}'’.-]{0,25}(?: (?:(?:de|da|di|van|von|der|den|del|la|le|dos|el|al|bin|ter|zu)(?= ))?|$)){1,5}$|^[\p{Lo}\s　]{2,12}$/u;
/** A sentence in quotation marks. */
const motto = /^["“„«»].{3,120}["”“»«]$/u;
const labelled = /^([^:：]{1,30})\s?[:：]\s*(.*)$/u;
export const postscript =
  /^(?:p\.?\s?p?\.?\s?s|p\.?\s?d|nb|n\.b|post ?scriptum|nachtrag|posdata|追伸|п\.?с|з\.?ы|obs)(?=[\s:：.,–-])/iu;

/** A line with a telephone number, an address, a company: what no sentence of a message is. */
export function isContactLine(content: string): boolean {
  if (divided.test(content)) return true;
  const [, label, value = ''] = labelled.exec(content) ?? [];
  if (label !== undefined && !/^https?$/i.test(label)) {
    // "Hub: 48201934" is something the customer tells; "Tel.: 0117 496 0222" is not.
    if (contactWord.test(`${label}:`)) return true;
    if (countWords(comparable(content), legalWords) > 0) return true;
    if (dutyLabel.test(label) && /\p{Nd}{3}/u.test(value)) return true;
    if (phone.test(value) && /^[+(0]/.test(value)) return true;
    return addressOrLink.test(value) || (company.test(content) && phone.test(content));
  }
  return addressOrLink.test(content) || phone.test(content) || contactWord.test(content) || company.test(content);
}

export const isNameLine = (content: string): boolean => nameLine.test(content);

/** "- Nora Feld" */
export const isDashedName = (content: string): boolean =>
  /^[-–—~]/.test(content) && nameLine.test(content.replace(/^[-–—~]\s?/, ''));

/**
 * True for lines that can be a signature: short, no sentences, no list, no postscript, and below an empty line only
 * blocks that name a telephone number, an address or a company.
 */
export function isSignature(
  lines: readonly Line[],
  range: { readonly from: number; readonly to: number; readonly hasDelimiter: boolean },
): boolean {
  const { from, to, hasDelimiter } = range;
  let count = 0;
  let contacts = 0;
  let isFirstBlock = true;
  let hasContact = false;
  let hasLines = false;
  for (let at = from; at < to; at += 1) {
    const { content, depth } = lines[at]!;
    if (content === '') {
      if (hasLines && !isFirstBlock && !hasContact && !hasDelimiter) return false;
      if (hasLines) isFirstBlock = false;
      [hasContact, hasLines] = [false, false];
      continue;
    }
    if (isRule(content)) continue;
    hasLines = true;
    count += 1;
    if (count > MAX_LINES_WITH_CONTACTS) return false;
    if (depth > 0 || content.length > MAX_LINE_LENGTH || postscript.test(content)) return false;
    if (/[?？]$/.test(content)) return false;
    if (listItem.test(content) && !(count === 1 && isDashedName(content))) return false;
    // "Get your own mailbox:" with a link below it.
    if (/[:：]$/.test(content) && !(hasDelimiter && addressOrLink.test(lines[at + 1]?.content ?? ''))) return false;
    const isContact = isContactLine(content);
    // Below "-- " and a name or contact details, a sentence is a slogan.
    const isSlogan = hasDelimiter && count > 1;
    hasContact ||= isContact;
    if (isContact) contacts += 1;
    if (isContact) continue;
    if (labelled.test(content)) return false;
    if (nameLine.test(content) || motto.test(content)) continue;
    if (sentenceEnd.test(content) && !(isSlogan && !speaksOfSelf(comparable(content)))) return false;
    const isLong = hasDelimiter || postalAddress.test(content);
    if (content.split(/\s+/).length > (isLong ? MAX_WORDS_BELOW_DELIMITER : MAX_WORDS)) return false;
  }
  if (count > MAX_LINES && contacts * 3 < count) return false;
  return hasDelimiter || isFirstBlock || !hasLines || hasContact;
}
