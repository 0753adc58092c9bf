// Finds data that could belong to a real person or site: everything outside the ranges reserved for examples and
// fiction.
import { findPhoneNumbersInText } from 'libphonenumber-js/max';

/** RFC 2606 and RFC 6761: domains that never belong to anyone. */
const RESERVED_DOMAIN = /(^|\.)(example\.(com|org|net)|example|test|invalid|localhost)$/i;
/** RFC 5737, RFC 3849 and private or loopback ranges. */
const RESERVED_IP = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;
/** Numbers reserved for fiction: NANP 555-01xx, Ofcom drama numbers, Bundesnetzagentur, ARCEP, in E.164. */
const FICTIONAL_PHONE =
  /^\+(1\d{3}55501\d{2}|447700900\d{3}|442079460\d{3}|44\d{3}4960\d{3}|493023125\d{3}|496990009\d{3}|492214710\d{3}|3319900\d{4}|3363998\d{4})$/;

const email = /[\p{L}\p{N}._%+-]+@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/gu;
const url = /\bhttps?:\/\/([\w.-]+)/gi;
const ip = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const digits = /\b\d(?:[ -]?\d){12,18}\b/g;
const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g;

/** Describes what was found; empty when the text is clean. */
export function findPersonalData(text: string): string[] {
  const found: string[] = [];
  for (const [match, domain = ''] of text.matchAll(email)) {
    if (!RESERVED_DOMAIN.test(domain)) found.push(`e-mail address outside the reserved domains: ${match}`);
  }
  for (const [match, host = ''] of text.matchAll(url)) {
    if (!RESERVED_DOMAIN.test(host.replace(/\.$/, '')) && !RESERVED_IP.test(host))
      found.push(`address of a site outside the reserved domains: ${match}`);
  }
  for (const [match] of text.matchAll(ip)) {
    const isAddress = match.split('.').every((part) => Number(part) <= 255);
    if (isAddress && !RESERVED_IP.test(match)) found.push(`IP address outside the documentation ranges: ${match}`);
  }
  for (const [match] of text.matchAll(digits)) {
    if (passesLuhn(match.replace(/\D/g, ''))) found.push(`a number that passes as a payment card: ${match}`);
  }
  for (const [match] of text.matchAll(iban)) {
    if (passesIbanChecksum(match.replace(/ /g, ''))) found.push(`a valid IBAN: ${match}`);
  }
  // International format only: national numbers cannot be distinguished from order numbers.
  if (!/[+＋]/.test(text)) return found;
  for (const { number } of findPhoneNumbersInText(text)) {
    if (!FICTIONAL_PHONE.test(number.number))
      found.push(`telephone number outside the fictional ranges: ${number.number}`);
  }
  return found;
}

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the rearranged number modulo 97 is 1. */
export function passesIbanChecksum(value: string): boolean {
  const rearranged = value.slice(4) + value.slice(0, 4);
  const numeric = rearranged.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(numeric) % 97n === 1n;
}
