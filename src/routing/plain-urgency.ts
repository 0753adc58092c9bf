// The table of words is long on purpose; the logic is the one function above it.
import type { Urgency } from '../ticket/ticket.ts';

export type PlainUrgency = {
  readonly urgency: Urgency;
  /** Why, to follow "the urgency is high": for example `the text says "by tomorrow"`; null when nothing was found. */
  readonly signal: string | null;
};

/** Where a pressing matter is not within the first few pages, it is not told from plain words. */
const MAX_READ = 6_000;

/**
 * Urgency from plain words, until an engine that reads gives it: danger is critical; an outage, a deadline or the word
 * "urgent" is high; "no hurry" is low. An outage of a customer on a top tier is critical. Capitals, exclamation marks and
 * anger count for nothing: how loud someone is says nothing of how long they can wait.
 */
export function plainUrgency({ text, tier }: { text: string; tier: string | null }): PlainUrgency {
  const read = text.slice(0, MAX_READ).normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' ');
  const say = (phrase: string) => `the text says "${phrase}"`;

  const danger = find(patterns.danger, read);
  if (danger !== null) return { urgency: 'critical', signal: say(danger) };

  // "Not urgent" holds the word "urgent": what is said to have time is taken out before the others are looked for.
  const hasTime = find(patterns.noHurry, read);
  const rest = hasTime === null ? read : read.replaceAll(patterns.noHurry, ' ');
  const outage = find(patterns.outage, rest);
  if (outage !== null && tier !== null && topTier.test(tier)) {
    return { urgency: 'critical', signal: `${say(outage)} and the customer is on ${tier}` };
  }
  const pressing = outage ?? find(patterns.deadline, rest) ?? find(patterns.claim, rest);
  if (pressing !== null) return { urgency: 'high', signal: say(pressing) };
  return hasTime === null ? { urgency: 'normal', signal: null } : { urgency: 'low', signal: say(hasTime) };
}

function find(pattern: RegExp, text: string): string | null {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] ?? null;
}

const topTier = /^\s*(?:enterprise|vip|platinum|strategic|key[ -]?account)\s*$/i;

/** Phrases of languages with spaces match whole words; the others wherever they stand. */
function phrases(spaced: readonly string[], unspaced: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${spaced.join('|')})(?![\\p{L}\\p{N}])|${unspaced.join('|')}`, 'gu');
}

// Whole phrases, not single words: a smoke detector does not burn, a firewall is no fire, a fired employee neither.
const patterns = {
  danger: phrases(
    [
      "(?:is|are|it's|caught|catching|on) (?:smoking|fire|sparking|burning)",
      '(?:burning|burnt) (?:smell|plastic)',
      'smell(?:s|ing)? (?:of|like) (?:burning|gas|smoke)',
      'smells? burnt',
      'smoke (?:is )?(?:coming|came|rising|pouring|out of|from)',
      '(?:start(?:s|ed)?|began|begun) (?:to (?:smoke|spark|burn)|smoking|sparking|burning)',
      'plastic (?:is )?(?:melting|going soft)',
      '(?:an? )?(?:intruder|stalker)',
      "(?:someone|somebody|a man|people) (?:is |are |'s )?(?:in|inside) (?:my|our) (?:house|home|flat|apartment|room)",
      '(?:forcing|forced|kicking|kicked) (?:open |in )?(?:the|my|our) (?:[a-z]{2,10} )?(?:door|gate|window)',
      'gas leak',
      'carbon monoxide (?:is )?(?:leak|leaking)',
      'electric(?:al)? shock',
      'got shocked',
      'someone (?:is )?(?:breaking|broke) in(?:to)?',
      '(?:being|been|was|were) (?:broken into|burgled|burglarized)',
      'water (?:is )?(?:everywhere|pouring|gushing)',
      'se (?:está )?quem(?:a|ando)',
      'huele a (?:quemado|gas|humo)',
      'olor a (?:quemado|gas|humo)',
      'sale humo',
      'fuga de gas',
      'descarga eléctrica',
      'han entrado a robar',
      'brennt gerade',
      '(?:riecht|gerochen|stinkt) (?:nach )?(?:verbrannt|gas|rauch|verschmort)',
      'es (?:raucht|brennt|qualmt)',
      'rauch (?:kommt|steigt)',
      'gasleck',
      'stromschlag',
      'eingebrochen',
      '(?:ça|cela) (?:sent le brûlé|brûle)',
      'odeur de (?:brûlé|gaz|fumée)',
      'sent le (?:brûlé|gaz)',
      'de la fumée (?:sort|qui sort)',
      'fuite de gaz',
      '(?:décharge|choc) électrique',
      'cambriol(?:é|és|ée|age en cours)',
      'cheiro (?:a|de) (?:queimado|gás|fumo|fumaça)',
      'está a arder',
      'pegando fogo',
      '(?:sai|saindo|a sair) (?:fumo|fumaça)',
      'vazamento de gás',
      'choque elétrico',
    ],
    [
      '煙が出',
      '火が出',
      '発火',
      '焦げ臭',
      '焦げた(?:臭|にお)い',
      'ガス漏れ',
      '感電',
      '侵入され',
      'حريق',
      'يحترق',
      'رائحة (?:حرق|احتراق|غاز|دخان)',
      'تسرب (?:ال)?غاز',
      'صدمة كهربائية',
      'دخان يخرج',
      'يخرج (?:منه )?دخان',
    ],
  ),
  outage: phrases(
    [
      '(?:complete|total|full|major|widespread) outage',
      'outage (?:since|for|at|in|across)',
      '(?:everything|all (?:of )?(?:our|the) [a-z]{2,20}|the (?:whole|entire) [a-z]{2,20}|production|service) (?:is|are|has been|went|have gone) (?:completely )?(?:down|offline|out)',
      '(?:none of (?:our|us|the)|no one|nobody|no-one) [a-z ]{0,25}?(?:can|could|is able|works?|working|responds?|responding|able)',
      'production (?:is )?(?:stopped|halted|blocked)',
      '(?:all|entire|whole) (?:[a-z0-9-]{1,20} ){1,4}?(?:is |are |just |has |have |went )?(?:down|offline|unreachable|dropped|dead)',
      '\\d{2,4} (?:units|rooms|doors|locks|homes|sites|buildings|devices|users) (?:[a-z]{1,10} ){0,2}?(?:down|offline|unreachable|dead|locked out)',
      'at a standstill',
      '(?:todo|toda la [a-záéíóúñ]{2,20}|todos nuestros [a-záéíóúñ]{2,20}) (?:está|están|ha) (?:caíd[oa]s?|sin servicio|parad[oa]s?)',
      'caída (?:total|general|del servicio)',
      'nadie puede',
      '(?:totalausfall|komplettausfall|gesamtausfall)',
      '(?:alles|alle [a-zäöüß]{2,20}|komplett) (?:ist|sind|seit [a-zäöüß0-9 ]{2,20}) (?:ausgefallen|offline|down|nicht erreichbar)',
      'niemand (?:kann|kommt)',
      'steht (?:alles )?still',
      'panne (?:totale|générale|complète)',
      "tout est (?:en panne|hors ligne|bloqué|à l'arrêt)",
      'plus personne ne (?:peut|parvient)',
      'personne ne peut',
      '(?:está tudo|tudo está) (?:parado|fora do ar|em baixo|offline)',
      'ninguém consegue',
      '(?:paragem|parada|queda) (?:total|geral)',
    ],
    [
      '全(?:て|部)?(?:の)?[^。、]{0,10}(?:停止して|落ちて|止まって)',
      '全面停止',
      '誰も(?:ログイン|アクセス|使え|利用)',
      'システム障害',
      'انقطاع (?:كامل|تام|شامل)',
      'متوقف(?:ة)? (?:تماما|تمامًا|بالكامل)',
      'لا أحد يستطيع',
    ],
  ),
  deadline: phrases(
    [
      "(?:by|before|until|no later than) (?:the end of (?:the )?(?:today|day)|end of day|eod|tonight|tomorrow(?: morning)?|noon|midnight|(?:this )?(?:morning|afternoon|evening)|\\d{1,2}(?::\\d\\d)? ?(?:am|pm|o'clock))",
      '(?:needed?|have to|must|required?|due|leaving|leave|arrives?|arriving|starts?|moving) (?:[a-z]{1,12} ){0,4}(?:today|tonight|tomorrow)',
      '(?:in|within) (?:the next )?\\d{1,2} ?(?:h|hrs?|hours?|mins?|minutes)',
      '(?:tomorrow|tonight) (?:at )?(?:\\d{1,2}(?::\\d\\d)?|noon|eight|nine|ten)',
      '(?:at )?\\d{1,2}(?::\\d\\d)? ?(?:am|pm)? (?:tomorrow|tonight)',
      'mañana a las? \\d{1,2}',
      'morgen (?:früh )?(?:um )?\\d{1,2}(?::\\d\\d)? uhr',
      'demain (?:matin )?(?:à )?\\d{1,2} ?h',
      'amanhã às? \\d{1,2}',
      '(?:within|in) (?:the )?(?:next )?(?:an|one|two|three|1|2|3|few)? ?hours?',
      '(?:antes de|para) (?:mañana|hoy|esta (?:tarde|noche)|el mediodía)',
      'a más tardar (?:hoy|mañana)',
      'en (?:menos de )?(?:una|dos|tres) horas?',
      'bis (?:heute|morgen)(?: (?:früh|mittag|abend|vormittag))?',
      'noch heute',
      'spätestens (?:heute|morgen)',
      'innerhalb (?:der nächsten|von) (?:[a-z]{3,5} )?stunden?',
      "(?:avant|d'ici) (?:ce soir|demain(?: matin)?|midi|la fin de (?:la )?journée)",
      "aujourd'hui même",
      "dans (?:l'heure|une heure|deux heures)",
      '(?:até|antes de) (?:amanhã|hoje|ao meio-dia|à noite)',
      'ainda hoje',
      'em (?:uma|duas|três) horas?',
    ],
    [
      '(?:今日|本日|明日|明朝|今夜)(?:の[^。、]{0,6})?(?:まで|中に)',
      '締め?切り?(?:は|が)(?:今日|本日|明日)',
      'قبل (?:الغد|غد|غدا|مساء اليوم|نهاية اليوم|ظهر)',
      'بحلول (?:الغد|غد|اليوم)',
      'خلال (?:ساعة|ساعتين)',
    ],
  ),
  claim: phrases(
    [
      'urgent(?:ly)?',
      'asap',
      'as soon as (?:humanly )?possible',
      'emergency',
      'time[ -]sensitive',
      'time[ -]critical',
      'urgente(?:mente)?',
      'lo antes posible',
      'cuanto antes',
      'dringend(?:e|er|es|en)?',
      'so (?:schnell|bald) wie möglich',
      'schnellstmöglich',
      'notfall',
      'eilt',
      "(?:d'|en )?urgence",
      'urgents?e?s?',
      'au plus vite',
      'dès que possible',
      'o mais rápido possível',
      'o quanto antes',
      'com urgência',
      'emergência',
      'emergencia',
    ],
    ['至急', '緊急', '大至急', '一刻も早く', 'عاجل', 'بأسرع وقت', 'في أسرع وقت', 'طارئ'],
  ),
  noHurry: phrases(
    [
      "(?:not|isn't|nothing|not (?:at all|very|that|really)) urgent",
      "(?:isn't|not) an emergency",
      '(?:no|not in a|not in any|in no) (?:rush|hurry|urgency)',
      "whenever (?:you|it)[a-z' ]{0,20}(?:time|convenient|chance|minute|suits)",
      'when(?:ever)? you (?:get|have) (?:a|some) (?:chance|moment|minute|time)',
      'just curious',
      'no (?:es|hay|corre) (?:nada )?(?:urgente|urgencia|prisa)',
      'sin (?:prisa|urgencia)',
      'cuando (?:puedan|puedas|tengan tiempo)',
      '(?:nicht|nichts) (?:so |sehr )?(?:dringend(?:es)?|eilig)',
      'eilt nicht',
      'kein(?:e)? (?:eile|notfall)',
      'hat (?:keine eile|zeit)',
      "(?:pas|rien) (?:du tout |très )?(?:d'|)urgent",
      "(?:pas|aucune) (?:d')?urgence",
      'quand vous (?:aurez|avez) (?:le temps|un moment)',
      'sans urgence',
      'não (?:é|há|tem) (?:nada )?(?:urgente|urgência|pressa)',
      'sem (?:pressa|urgência)',
      'quando (?:puderem|puder|tiverem tempo)',
    ],
    [
      '急ぎでは(?:あり|な)',
      '急ぎません',
      '急いでいません',
      'お時間のある(?:とき|時)',
      'お手(?:すき|隙)',
      '(?:ليس|ليست|غير) (?:عاجل|مستعجل)[ةا]?',
      'لا داعي للعجلة',
    ],
  ),
} as const;
