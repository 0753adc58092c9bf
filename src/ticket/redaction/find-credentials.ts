import type { Finder, Finding } from './finding.ts';

const patterns = [
  // https://user:password@host; a password may hold an @ of its own, so the last one counts.
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'<>]{0,200}(?::[^\s/"'<>]{0,200})?(?=@[^\s@/"'<>]{1,200})/g,
  // ?token=…, &api_key=…, #access_token=…
  /(?<=[?&#;][a-z0-9_.[\]-]{0,30}(?:token|secret|passw|pwd|key|auth|sig|session|sid|jwt|code|otp|credential|bearer|ticket_hash|nonce|hash)[a-z0-9_.[\]-]{0,30}=)[^\s&"'<>#;]{1,2000}/g,
  // Long random parts of an address, as in links that reset a password.
  /(?<=:\/\/[^\s"'<>]{3,300}\/)(?=[a-z_]{0,200}\d)(?=\d{0,200}[a-z_])[a-z0-9_]{24,500}(?![a-z0-9_-])/g,
  // Keys that say what they are.
  /(?<![a-z0-9])(?:sk-[a-z0-9_-]{16,300}|(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|pk_live|sk_live|rk_live|whsec)[_-][a-z0-9_-]{16,300}|akia[0-9a-z]{16}|aiza[0-9a-z_-]{30,60}|eyj[a-z0-9_-]{10,2000}\.eyj[a-z0-9_-]{10,4000}(?:\.[a-z0-9_-]{0,2000})?)(?![a-z0-9])/g,
  /(?<=\b(?:bearer|basic)\s{1,3})(?=[a-z._~+/=-]{0,300}\d)[a-z0-9._~+/=-]{16,2000}/g,
  // "password: hunter2"; a word without a digit or sign is more likely a sentence going on.
  /(?<=\b(?:password|passwort|kennwort|contrasena|mot de passe|senha|passcode|passwd|pwd|api[ _-]?key|secret)\s{0,3}(?:is|ist|es|est|:|=|：)\s{0,3}["'“]?)(?=[^\s"'”]{0,100}[\d!$%^*_#])[^\s"'”]{4,200}/g,
  /(?<=(?:パスワード|密码|كلمة (?:ال)?(?:مرور|سر))\s{0,3}(?:は|:|：|=|هي)\s{0,3}["'「]?)[!-~]{4,200}/g,
];

/** User names and passwords in addresses, tokens in their queries, and keys that are known by their form. */
export const findCredentials: Finder = ({ view }) => {
  const findings: Finding[] = [];
  for (const pattern of patterns) {
    for (const match of view.matchAll(pattern)) {
      if (match[0] === '') continue;
      findings.push({ kind: 'CREDENTIAL', start: match.index, end: match.index + match[0].length, key: match[0] });
    }
  }
  return withoutOverlaps(findings);
};

/** In order; of two that overlap the one that starts first, then the longer. */
function withoutOverlaps(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  let end = 0;
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (finding.start < end) continue;
    kept.push(finding);
    end = finding.end;
  }
  return kept;
}
