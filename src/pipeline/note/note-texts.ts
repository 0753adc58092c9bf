import type { NoteLanguage } from '../../connectors/note-languages.ts';

/** The internal note in one language. Fields stand in braces; a line whose field is empty is left out. */
export type NoteTexts = {
  readonly note: string;
  /** In place of the intent where the engine was not sure enough. */
  readonly unsure: string;
  /** For a customer who writes again after an agent has the ticket. */
  readonly later: string;
  /** How to correct it: by the field with the intent (its name is in braces), or by moving the ticket. */
  readonly correctByField: string;
  readonly correctByMove: string;
  readonly undone: string;
};

export const noteTexts: Readonly<Record<NoteLanguage, NoteTexts>> = {
  en: {
    note: 'Switchboard: {intentName} ({confidence}), to {teamName}, priority {priority}\nWhy: {reasoning}\nDeciding words: {decidingWords}\nRule: {because}\nNext guess: {runnerUp}\nWrong? {correct}\n[{decisionId}]',
    unsure: 'not sure enough; best guess {intentName}',
    later:
      'Switchboard: the customer now asks for {intentName} as well ({confidence}).\nDeciding words: {decidingWords}\n[{decisionId}]',
    correctByField: 'Set the field "{field}" to the right intent.',
    correctByMove: 'Move the ticket to the right group.',
    undone: 'Switchboard: the assignment was taken back. [{decisionId}]',
  },
  de: {
    note: 'Switchboard: {intentName} ({confidence}), an {teamName}, Priorität {priority}\nWarum: {reasoning}\nEntscheidende Wörter: {decidingWords}\nRegel: {because}\nZweite Vermutung: {runnerUp}\nFalsch? {correct}\n[{decisionId}]',
    unsure: 'nicht sicher genug; beste Vermutung {intentName}',
    later:
      'Switchboard: Der Kunde möchte jetzt auch {intentName} ({confidence}).\nEntscheidende Wörter: {decidingWords}\n[{decisionId}]',
    correctByField: 'Das Feld „{field}“ auf das richtige Anliegen setzen.',
    correctByMove: 'Das Ticket in die richtige Gruppe verschieben.',
    undone: 'Switchboard: Die Zuordnung wurde zurückgenommen. [{decisionId}]',
  },
  es: {
    note: 'Switchboard: {intentName} ({confidence}), para {teamName}, prioridad {priority}\nPor qué: {reasoning}\nPalabras decisivas: {decidingWords}\nRegla: {because}\nSegunda opción: {runnerUp}\n¿Es incorrecto? {correct}\n[{decisionId}]',
    unsure: 'no es bastante seguro; lo más probable es {intentName}',
    later:
      'Switchboard: el cliente pide ahora también {intentName} ({confidence}).\nPalabras decisivas: {decidingWords}\n[{decisionId}]',
    correctByField: 'Ponga en el campo «{field}» el motivo correcto.',
    correctByMove: 'Mueva el ticket al grupo correcto.',
    undone: 'Switchboard: se ha retirado la asignación. [{decisionId}]',
  },
  fr: {
    note: 'Switchboard : {intentName} ({confidence}), pour {teamName}, priorité {priority}\nPourquoi : {reasoning}\nMots décisifs : {decidingWords}\nRègle : {because}\nDeuxième hypothèse : {runnerUp}\nIncorrect ? {correct}\n[{decisionId}]',
    unsure: 'pas assez sûr ; hypothèse la plus probable : {intentName}',
    later:
      'Switchboard : le client demande maintenant aussi {intentName} ({confidence}).\nMots décisifs : {decidingWords}\n[{decisionId}]',
    correctByField: 'Mettez le bon motif dans le champ « {field} ».',
    correctByMove: 'Déplacez le ticket dans le bon groupe.',
    undone: "Switchboard : l'attribution a été retirée. [{decisionId}]",
  },
  it: {
    note: 'Switchboard: {intentName} ({confidence}), a {teamName}, priorità {priority}\nPerché: {reasoning}\nParole decisive: {decidingWords}\nRegola: {because}\nSeconda ipotesi: {runnerUp}\nSbagliato? {correct}\n[{decisionId}]',
    unsure: 'non abbastanza sicuro; ipotesi migliore: {intentName}',
    later:
      'Switchboard: il cliente ora chiede anche {intentName} ({confidence}).\nParole decisive: {decidingWords}\n[{decisionId}]',
    correctByField: 'Impostare il campo "{field}" sul motivo giusto.',
    correctByMove: 'Spostare il ticket nel gruppo giusto.',
    undone: "Switchboard: l'assegnazione è stata annullata. [{decisionId}]",
  },
  nl: {
    note: 'Switchboard: {intentName} ({confidence}), naar {teamName}, prioriteit {priority}\nWaarom: {reasoning}\nBeslissende woorden: {decidingWords}\nRegel: {because}\nTweede keus: {runnerUp}\nFout? {correct}\n[{decisionId}]',
    unsure: 'niet zeker genoeg; beste gok {intentName}',
    later:
      'Switchboard: de klant vraagt nu ook om {intentName} ({confidence}).\nBeslissende woorden: {decidingWords}\n[{decisionId}]',
    correctByField: 'Zet het veld "{field}" op het juiste onderwerp.',
    correctByMove: 'Verplaats het ticket naar de juiste groep.',
    undone: 'Switchboard: de toewijzing is teruggenomen. [{decisionId}]',
  },
  pt: {
    note: 'Switchboard: {intentName} ({confidence}), para {teamName}, prioridade {priority}\nPorquê: {reasoning}\nPalavras decisivas: {decidingWords}\nRegra: {because}\nSegunda hipótese: {runnerUp}\nErrado? {correct}\n[{decisionId}]',
    unsure: 'não é bastante certo; hipótese mais provável: {intentName}',
    later:
      'Switchboard: o cliente pede agora também {intentName} ({confidence}).\nPalavras decisivas: {decidingWords}\n[{decisionId}]',
    correctByField: 'Ponha no campo "{field}" o motivo certo.',
    correctByMove: 'Mova o ticket para o grupo certo.',
    undone: 'Switchboard: a atribuição foi anulada. [{decisionId}]',
  },
};
