// Words that people write after "password" when they do not write the password itself. In lower case, without accents.
const words =
  // English
  'wrong incorrect correct invalid valid expired expire expires reset resets lost forgotten forgot unknown missing required changed change ' +
  'changing updated update new old same secret hidden none null undefined true false empty blank yes no not ok okay fine good bad weak ' +
  'strong secure safe compromised leaked stolen blocked locked rejected denied refused accepted failed failing working works broken ' +
  'recovery protected optional please help again confirm confirmed login sign signin password passwords passphrase username email user ' +
  'account link page form field policy manager generator hint protection security here there below above attached see case too very ' +
  'still now set unset stored saved sent resent disabled enabled needed allowed visible gone dead the this that them it and for with ' +
  'via per problem problems issue issues error errors question request trouble test unchanged different identical correctly short long urgent asap thanks hello hi regards ' +
  // German
  'vergessen falsch richtig korrekt ungultig gultig abgelaufen zurucksetzen zuruckgesetzt geandert andern neu neues neue alt altes ' +
  'unbekannt verloren gesperrt siehe keine keins kein nein ja geheim leer fehlt fehlend funktioniert bitte hilfe nicht stimmt sicher ' +
  'unsicher gleich gespeichert erforderlich eingeben anfordern bestatigen notwendig schwach stark dringend danke hallo ' +
  // French
  'oublie oubliee incorrecte invalide valide expiree perdu perdue inconnu inconnue changer modifier modifie reinitialiser reinitialise ' +
  'aucun non oui vide bloque bloquee faux fausse obligatoire requis securise faible identique correcte perime ' +
  // Spanish
  'olvidada olvidado olvide incorrecta incorrecto invalida invalido caducada perdida cambiar cambiada restablecer restablecida ninguna ' +
  'vacia bloqueada correcta correcto erronea equivocada desconocida nueva misma segura debil obligatoria ' +
  // Portuguese
  'esquecida esqueci errada errado incorreta incorreto expirada alterar alterada redefinir nenhuma nao sim vazia desconhecida correta ' +
  'correto mesma nova fraca obrigatoria';

const ordinaryWords = new Set(words.split(' '));

/** True for a word that describes a password and is not one. */
export function isOrdinaryWord(word: string): boolean {
  return ordinaryWords.has(word);
}
