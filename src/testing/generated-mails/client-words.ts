/**
 * What mail programs write around a message, by language: facts about the programs, gathered from mails they sent. Kept
 * apart from the tables of src/ticket/parts/words, which are tested with them. {name} and {address} are the writer's.
 */
export type ClientWords = {
  readonly outlook: {
    /** In the order of Outlook: from, sent, to, copy, subject; each with the colon as it is written there. */
    readonly fields: readonly [string, string, string, string, string];
    readonly date: string;
    /** What stands between the dashes of a plain-text reply. */
    readonly original: string;
    readonly reply: string;
    readonly forward: string;
  };
  readonly gmail: {
    readonly intro: string;
    /** The name of the sender's field of a forward; Gmail leaves the other names in English. */
    readonly from: string;
    readonly date: string;
  };
  readonly apple: {
    readonly intro: string;
    readonly forward: string;
    /** From, subject, date, to. */
    readonly fields: readonly [string, string, string, string];
    readonly date: string;
    readonly phone: string;
  };
  readonly thunderbird: {
    readonly intro: string;
    readonly forward: string;
    /** Subject, date, from, to. */
    readonly fields: readonly [string, string, string, string];
  };
  /** The reply header of Yahoo Mail, where it is known. */
  readonly yahoo?: string;
};

export const clientWords: Readonly<Record<string, ClientWords>> = {
  en: {
    outlook: {
      fields: ['From:', 'Sent:', 'To:', 'Cc:', 'Subject:'],
      date: 'Monday, November 9, 2026 9:14 AM',
      original: 'Original Message',
      reply: 'RE:',
      forward: 'FW:',
    },
    gmail: {
      intro: 'On Mon, Nov 9, 2026 at 9:14 AM {name} <{address}> wrote:',
      from: 'From:',
      date: 'Mon, Nov 9, 2026 at 9:14 AM',
    },
    apple: {
      intro: 'On Nov 9, 2026, at 9:14 AM, {name} <{address}> wrote:',
      forward: 'Begin forwarded message:',
      fields: ['From:', 'Subject:', 'Date:', 'To:'],
      date: 'November 9, 2026 at 9:14:02 AM GMT',
      phone: 'Sent from my iPhone',
    },
    thunderbird: {
      intro: 'On 11/9/26 09:14, {name} wrote:',
      forward: 'Forwarded Message',
      fields: ['Subject:', 'Date:', 'From:', 'To:'],
    },
    yahoo: 'On Monday, November 9, 2026 at 09:14:02 AM GMT, {name} <{address}> wrote:',
  },
  de: {
    outlook: {
      fields: ['Von:', 'Gesendet:', 'An:', 'Cc:', 'Betreff:'],
      date: 'Montag, 9. November 2026 09:14',
      original: 'Ursprüngliche Nachricht',
      reply: 'AW:',
      forward: 'WG:',
    },
    gmail: {
      intro: 'Am Mo., 9. Nov. 2026 um 09:14 Uhr schrieb {name} <{address}>:',
      from: 'Von:',
      date: 'Mo., 9. Nov. 2026 um 09:14 Uhr',
    },
    apple: {
      intro: 'Am 09.11.2026 um 09:14 schrieb {name} <{address}>:',
      forward: 'Anfang der weitergeleiteten Nachricht:',
      fields: ['Von:', 'Betreff:', 'Datum:', 'An:'],
      date: '9. November 2026 um 09:14:02 MEZ',
      phone: 'Von meinem iPhone gesendet',
    },
    thunderbird: {
      intro: 'Am 09.11.26 um 09:14 schrieb {name}:',
      forward: 'Weitergeleitete Nachricht',
      fields: ['Betreff:', 'Datum:', 'Von:', 'An:'],
    },
    yahoo: 'Am Montag, 9. November 2026 um 09:14:02 MEZ hat {name} <{address}> Folgendes geschrieben:',
  },
  fr: {
    outlook: {
      fields: ['De\u00A0:', 'Envoyé\u00A0:', 'À\u00A0:', 'Cc\u00A0:', 'Objet\u00A0:'],
      date: 'lundi 9 novembre 2026 09:14',
      original: "Message d'origine",
      reply: 'RE:',
      forward: 'TR:',
    },
    gmail: {
      intro: 'Le lun. 9 nov. 2026 à 09:14, {name} <{address}> a écrit :',
      from: 'De :',
      date: 'lun. 9 nov. 2026 à 09:14',
    },
    apple: {
      intro: 'Le 9 nov. 2026 à 09:14, {name} <{address}> a écrit :',
      forward: 'Début du message réexpédié :',
      fields: ['De:', 'Objet:', 'Date:', 'À:'],
      date: '9 novembre 2026 à 09:14:02 UTC+1',
      phone: 'Envoyé de mon iPhone',
    },
    thunderbird: {
      intro: 'Le 09/11/2026 à 09:14, {name} a écrit :',
      forward: 'Message transféré',
      fields: ['Sujet :', 'Date :', 'De :', 'Pour :'],
    },
    yahoo: 'Le lundi 9 novembre 2026 à 09:14:02 UTC+1, {name} <{address}> a écrit :',
  },
  es: {
    outlook: {
      fields: ['De:', 'Enviado el:', 'Para:', 'CC:', 'Asunto:'],
      date: 'lunes, 9 de noviembre de 2026 9:14',
      original: 'Mensaje original',
      reply: 'RE:',
      forward: 'RV:',
    },
    gmail: {
      intro: 'El lun, 9 nov 2026 a las 9:14, {name} (<{address}>) escribió:',
      from: 'De:',
      date: 'lun, 9 nov 2026 a las 9:14',
    },
    apple: {
      intro: 'El 9 nov 2026, a las 9:14, {name} <{address}> escribió:',
      forward: 'Inicio del mensaje reenviado:',
      fields: ['De:', 'Asunto:', 'Fecha:', 'Para:'],
      date: '9 de noviembre de 2026, 9:14:02 CET',
      phone: 'Enviado desde mi iPhone',
    },
    thunderbird: {
      intro: 'El 9/11/26 a las 9:14, {name} escribió:',
      forward: 'Mensaje reenviado',
      fields: ['Asunto:', 'Fecha:', 'De:', 'Para:'],
    },
    yahoo: 'El lunes, 9 de noviembre de 2026, 09:14:02 CET, {name} <{address}> escribió:',
  },
  pt: {
    outlook: {
      fields: ['De:', 'Enviada em:', 'Para:', 'Cc:', 'Assunto:'],
      date: 'segunda-feira, 9 de novembro de 2026 09:14',
      original: 'Mensagem original',
      reply: 'RES:',
      forward: 'ENC:',
    },
    gmail: {
      intro: 'Em seg., 9 de nov. de 2026 às 09:14, {name} <{address}> escreveu:',
      from: 'De:',
      date: 'seg., 9 de nov. de 2026 às 09:14',
    },
    apple: {
      intro: 'Em 9 de nov. de 2026, à(s) 09:14, {name} <{address}> escreveu:',
      forward: 'Início da mensagem encaminhada:',
      fields: ['De:', 'Assunto:', 'Data:', 'Para:'],
      date: '9 de novembro de 2026 09:14:02 BRT',
      phone: 'Enviado do meu iPhone',
    },
    thunderbird: {
      intro: 'Em 09/11/2026 09:14, {name} escreveu:',
      forward: 'Mensagem encaminhada',
      fields: ['Assunto:', 'Data:', 'De:', 'Para:'],
    },
    yahoo: 'Em segunda-feira, 9 de novembro de 2026 às 09:14:02 BRT, {name} <{address}> escreveu:',
  },
  it: {
    outlook: {
      fields: ['Da:', 'Inviato:', 'A:', 'Cc:', 'Oggetto:'],
      date: 'lunedì 9 novembre 2026 09:14',
      original: 'Messaggio originale',
      reply: 'R:',
      forward: 'I:',
    },
    gmail: {
      intro: 'Il giorno lun 9 nov 2026 alle ore 09:14 {name} <{address}> ha scritto:',
      from: 'Da:',
      date: 'lun 9 nov 2026 alle ore 09:14',
    },
    apple: {
      intro: 'Il giorno 9 nov 2026, alle ore 09:14, {name} <{address}> ha scritto:',
      forward: 'Inizio messaggio inoltrato:',
      fields: ['Da:', 'Oggetto:', 'Data:', 'A:'],
      date: '9 novembre 2026 09:14:02 CET',
      phone: 'Inviato da iPhone',
    },
    thunderbird: {
      intro: 'Il 09/11/2026 09:14, {name} ha scritto:',
      forward: 'Messaggio Inoltrato',
      fields: ['Oggetto:', 'Data:', 'Mittente:', 'A:'],
    },
    yahoo: 'Il lunedì 9 novembre 2026 alle ore 09:14:02 CET, {name} <{address}> ha scritto:',
  },
  nl: {
    outlook: {
      fields: ['Van:', 'Verzonden:', 'Aan:', 'CC:', 'Onderwerp:'],
      date: 'maandag 9 november 2026 09:14',
      original: 'Oorspronkelijk bericht',
      reply: 'RE:',
      forward: 'FW:',
    },
    gmail: {
      intro: 'Op ma 9 nov 2026 om 09:14 schreef {name} <{address}>:',
      from: 'Van:',
      date: 'ma 9 nov 2026 om 09:14',
    },
    apple: {
      intro: 'Op 9 nov 2026, om 09:14 heeft {name} <{address}> het volgende geschreven:',
      forward: 'Begin doorgestuurd bericht:',
      fields: ['Van:', 'Onderwerp:', 'Datum:', 'Aan:'],
      date: '9 november 2026 om 09:14:02 CET',
      phone: 'Verstuurd vanaf mijn iPhone',
    },
    thunderbird: {
      intro: 'Op 09-11-2026 om 09:14 schreef {name}:',
      forward: 'Doorgestuurd bericht',
      fields: ['Onderwerp:', 'Datum:', 'Van:', 'Aan:'],
    },
    yahoo: 'Op maandag 9 november 2026 om 09:14:02 CET schreef {name} <{address}>:',
  },
  ja: {
    outlook: {
      fields: ['差出人:', '送信日時:', '宛先:', 'CC:', '件名:'],
      date: '2026年11月9日 9:14',
      original: 'Original Message',
      reply: 'RE:',
      forward: 'FW:',
    },
    gmail: { intro: '2026年11月9日(月) 9:14 {name} <{address}>:', from: 'From:', date: '2026年11月9日(月) 9:14' },
    apple: {
      intro: '2026/11/09 9:14、{name} <{address}>のメール:',
      forward: '転送されたメッセージ：',
      fields: ['差出人:', '件名:', '日付:', '宛先:'],
      date: '2026年11月9日 9:14:02 JST',
      phone: 'iPhoneから送信',
    },
    thunderbird: {
      intro: 'On 2026/11/09 9:14, {name} wrote:',
      forward: 'Forwarded Message',
      fields: ['件名:', '日付:', '差出人:', '宛先:'],
    },
    yahoo: '2026年11月9日月曜日 09:14:02 JST、 {name}<{address}>さんは書きました:',
  },
  da: {
    outlook: {
      fields: ['Fra:', 'Sendt:', 'Til:', 'Cc:', 'Emne:'],
      date: '9. november 2026 09:14',
      original: 'Oprindelig meddelelse',
      reply: 'SV:',
      forward: 'VS:',
    },
    gmail: {
      intro: 'Den man. 9. nov. 2026 kl. 09.14 skrev {name} <{address}>:',
      from: 'Fra:',
      date: 'man. 9. nov. 2026 kl. 09.14',
    },
    apple: {
      intro: 'Den 9. nov. 2026 kl. 09.14 skrev {name} <{address}>:',
      forward: 'Start på videresendt besked:',
      fields: ['Fra:', 'Emne:', 'Dato:', 'Til:'],
      date: '9. november 2026 kl. 09.14.02 CET',
      phone: 'Sendt fra min iPhone',
    },
    thunderbird: {
      intro: 'Den 09.11.2026 kl. 09.14 skrev {name}:',
      forward: 'Videresendt meddelelse',
      fields: ['Emne:', 'Dato:', 'Fra:', 'Til:'],
    },
  },
  sv: {
    outlook: {
      fields: ['Från:', 'Skickat:', 'Till:', 'Kopia:', 'Ämne:'],
      date: 'den 9 november 2026 09:14',
      original: 'Ursprungligt meddelande',
      reply: 'SV:',
      forward: 'VB:',
    },
    gmail: {
      intro: 'Den mån 9 nov. 2026 kl 09:14 skrev {name} <{address}>:',
      from: 'Från:',
      date: 'mån 9 nov. 2026 kl 09:14',
    },
    apple: {
      intro: '9 nov. 2026 kl. 09:14 skrev {name} <{address}>:',
      forward: 'Vidarebefordrat brev:',
      fields: ['Från:', 'Ämne:', 'Datum:', 'Till:'],
      date: '9 november 2026 09:14:02 CET',
      phone: 'Skickat från min iPhone',
    },
    thunderbird: {
      intro: 'Den 2026-11-09 kl. 09:14, skrev {name}:',
      forward: 'Vidarebefordrat meddelande',
      fields: ['Ämne:', 'Datum:', 'Från:', 'Till:'],
    },
  },
  pl: {
    outlook: {
      fields: ['Od:', 'Wysłano:', 'Do:', 'DW:', 'Temat:'],
      date: 'poniedziałek, 9 listopada 2026 09:14',
      original: 'Wiadomość oryginalna',
      reply: 'ODP:',
      forward: 'PD:',
    },
    gmail: {
      intro: 'pon., 9 lis 2026 o 09:14 {name} <{address}> napisał(a):',
      from: 'Od:',
      date: 'pon., 9 lis 2026 o 09:14',
    },
    apple: {
      intro: 'Wiadomość napisana przez {name} <{address}> w dniu 9 lis 2026, o godz. 09:14:',
      forward: 'Początek przekazywanej wiadomości:',
      fields: ['Od:', 'Temat:', 'Data:', 'Do:'],
      date: '9 listopada 2026 09:14:02 CET',
      phone: 'Wysłane z iPhone’a',
    },
    thunderbird: {
      intro: 'W dniu 9.11.2026 o 09:14, {name} pisze:',
      forward: 'Treść przekazanej wiadomości',
      fields: ['Temat:', 'Data:', 'Nadawca:', 'Adresat:'],
    },
  },
};
