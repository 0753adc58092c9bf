import type { Finder } from './finding.ts';

/** Names of numbers that a state gives a person, in folded text. Company registrations and tax numbers are not here. */
const words = [
  // English
  'ssn|social (?:security|insurance)|itin|nino|national insurance|ni(?= n(?:o|um))|nhs(?= n(?:o|um))|sin(?= n(?:o|um))|aadhaar|aadhar|pan card|passport|driving licen[cs]e|driver.?s licen[cs]e|national id|id card|identity card',
  // German
  'steuer-?id|steuer-?identifikationsnummer|sozialversicherungsnummer|rentenversicherungsnummer|svnr|ahv-?(?:nummer|nr)|personalausweis(?:nummer|nr)?|ausweis(?:nummer|nr)|reisepass(?:nummer|nr)?|passnummer|fuhrerschein(?:nummer|nr)?',
  // French
  'securite sociale|nir|carte vitale|carte (?:nationale )?d.identite|passeport|permis de conduire|numero fiscal',
  // Spanish, Portuguese, Italian
  'dni|nie(?=[\\s:.]{0,3}[xyz])|seguridad social|nuss|curp|cedula|cuil|pasaporte|carne de conducir|cpf|niss|cartao de cidadao|passaporte|carta de conducao|cnh|codice fiscale|carta d.identita|tessera sanitaria|patente di guida',
  // Dutch, the Nordic languages
  'bsn|burgerservicenummer|rijksregisternummer|paspoort(?:nummer)?|rijbewijs(?:nummer)?|personnummer|personnr|cpr(?:-?(?:nummer|nr))?|fødselsnummer|fodselsnummer|henkilotunnus|henkilotunnukseni|hetu|passi(?:n numero|numero)|pasnummer',
  // Central Europe, Turkish
  'pesel|dowod(?:u)? osobist(?:y|ego)|paszport(?:u)?|rodne cislo|obcansk(?:y|eho) prukaz(?:u)?|cestovni(?:ho)? pas(?:u)?|taj[- ]?szam(?:om)?|szemelyi(?: igazolvany)?(?: szam)?|utlevel(?:szam)?|cnp|tc ?kimlik|t\\.c\\. kimlik|tckn|pasaport',
].join('|');
const otherScripts =
  'マイナンバー|個人番号|運転免許証番号|旅券番号|パスポート番号|身份证号码?|身份证|身分證字號|护照号码?|護照號碼|주민등록번호|여권번호|снилс|паспорт(?:а|у)?|תעודת זהות|דרכון|رقم الهوية|الرقم القومي|جواز السفر|αμκα|ταυτοτητα[σς]?|आधार';
/** What stands between the name and the number: "number", "is", signs. */
const number =
  'number|num|no|nr|nummer|nummeret|numero|numer|n|cislo|szam|numarasi|numaram|номер|מספר|is|was|ist|lautet|est|es|e|to|er|ar|je|jest|on|は|が|是|为|為|는|은|هو|هي';
const gap = `[\\s:=#.°º()"'-]{0,4}(?:(?:${number})(?![a-z])[\\s:=#.°º()"'-]{0,4}){0,3}`;
const value =
  '[a-z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d](?![a-z])|(?:[a-z]{1,3}[ -]?)?[a-z]{0,6}\\d[a-z\\d]{0,19}(?:[ ./+-](?=[a-z]{0,3}\\d)[a-z\\d]{1,12}){0,6}';

const personalId = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])|${otherScripts})${gap}(?<value>${value})`,
  'gu',
);

const MIN_DIGITS = 5;

/**
 * Finds numbers of people's documents after their name: social security and identity numbers, passports, licences to
 * drive. Without the name, nothing tells them from other numbers.
 */
export const findPersonalIds: Finder = ({ view }) =>
  [...view.matchAll(personalId)].flatMap((match) => {
    const text = match.groups?.value ?? '';
    if (text.replace(/\D/g, '').length < MIN_DIGITS) return [];
    const end = match.index + match[0].length;
    return [{ kind: 'ID', start: end - text.length, end, key: text.replace(/[^a-z\d]/g, '') }];
  });
