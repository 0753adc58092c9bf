import { durationSchema } from '../base/duration.ts';
import { formatDataPath, type Located, type Path } from '../base/located-yaml.ts';
import { suggest } from '../base/schema-problems.ts';
import { connectorDefinitions } from '../connectors/registry.ts';
import type { Problem } from '../errors.ts';
import { modes } from '../routing/decision.ts';
import { ownRules } from '../routing/own-rules.ts';
import { findLanguageFault } from '../ticket/find-language-fault.ts';
import { checkUrgencyPhrases } from './check-urgency-phrases.ts';
import { configSchema } from './config-schema.ts';
import { findWrittenSecrets } from './connector-secrets.ts';
import { criterionIds, findTargetFault } from './evaluation-settings.ts';
import { field, keys, list, textsOf } from './fields.ts';
import { DEFAULT_PORT } from './server-settings.ts';

type Add = (path: Path, message: string, cure: string) => void;

/**
 * Finds the mistakes that a schema cannot express: names that are used twice, and references to names that do not exist.
 * It reads the raw value, so that a wrong shape elsewhere hides nothing; values of the wrong shape are left to the schema.
 */
export function checkConfig(located: Located): Problem[] {
  const problems: Problem[] = [];
  const add: Add = (path, message, cure) =>
    problems.push({ ...located.locate(path), message: `${formatDataPath(path)}: ${message}`, cure });
  const config = located.value;
  checkServer(config, add);
  checkTeams(config, add);
  checkRules(config, add);
  checkSlas(config, add);
  checkConnectors(config, add);
  checkEvaluation(config, add);
  return [...problems, ...checkUrgencyPhrases(located, ['urgency', 'phrases'])];
}

function checkServer(config: unknown, add: Add): void {
  const server = field(config, 'server');
  const webhookPort = field(server, 'webhookPort');
  if (typeof webhookPort !== 'number' || webhookPort !== (field(server, 'port') ?? DEFAULT_PORT)) return;
  add(
    ['server', 'webhookPort'],
    `${webhookPort} is also the port of the API`,
    'Choose another port, or leave `webhookPort` out: webhooks and the API then share one.',
  );
}

function checkTeams(config: unknown, add: Add): void {
  const teams = list(field(config, 'teams'));
  forEachRepeated(
    teams.map((team) => field(team, 'id')),
    (id, index, first) =>
      add(
        ['teams', index, 'id'],
        `the team id "${id}" is used twice (first by teams[${first}])`,
        'Give one of the two another id.',
      ),
  );
  teams.forEach((team, index) => {
    const members = list(field(team, 'members'));
    forEachRepeated(
      members.map((member) => field(member, 'id')),
      (id, member) =>
        add(
          ['teams', index, 'members', member, 'id'],
          `the member "${id}" is in this team twice`,
          'Keep one of the two.',
        ),
    );
    members.forEach((member, memberIndex) => {
      list(field(member, 'languages')).forEach((language, position) => {
        checkLanguage(language, ['teams', index, 'members', memberIndex, 'languages', position], add);
      });
    });
  });

  const ids = textsOf(teams, 'id');
  const triageTeam = field(config, 'triageTeam') ?? configSchema.shape.triageTeam.parse(undefined);
  // Without any team every ticket goes to the triage team, which then needs no entry.
  if (ids.length > 0 && typeof triageTeam === 'string' && !ids.includes(triageTeam)) {
    add(
      ['triageTeam'],
      `there is no team "${triageTeam}"`,
      suggest(triageTeam, ids) ?? `Name one of ${ids.join(', ')}.`,
    );
  }
}

function checkRules(config: unknown, add: Add): void {
  const rules = list(field(config, 'routing'));
  const teams = list(field(config, 'teams'));
  const teamIds = textsOf(teams, 'id');
  const slaNames = keys(field(config, 'slas'));
  forEachRepeated(
    rules.map((rule) => field(rule, 'name')),
    (name, index, first) =>
      add(
        ['routing', index, 'name'],
        `the rule name "${name}" is used twice (first by routing[${first}])`,
        'Decisions name their rule: give one of the two another name.',
      ),
  );
  rules.forEach((rule, index) => {
    const at = (...path: Path): Path => ['routing', index, ...path];
    const effect = field(rule, 'then');
    const team = field(effect, 'team');
    if (typeof team === 'string' && !teamIds.includes(team)) {
      add(
        at('then', 'team'),
        `there is no team "${team}"`,
        suggest(team, teamIds) ?? 'Add it to `teams`, or name a team that exists.',
      );
    }
    const assignee = field(effect, 'assignee');
    const members = textsOf(
      list(
        field(
          teams.find((candidate) => field(candidate, 'id') === team),
          'members',
        ),
      ),
      'id',
    );
    if (typeof assignee === 'string' && teamIds.includes(String(team)) && !members.includes(assignee)) {
      add(
        at('then', 'assignee'),
        `"${assignee}" is not a member of the team "${team}"`,
        suggest(assignee, members) ?? 'Add the member to the team, or leave `assignee` out.',
      );
    }
    const sla = field(effect, 'sla');
    if (typeof sla === 'string' && !slaNames.includes(sla)) {
      add(
        at('then', 'sla'),
        `there is no SLA "${sla}"`,
        suggest(sla, slaNames) ?? 'Add it to `slas`, or name an SLA that exists.',
      );
    }
    checkCondition(field(rule, 'when'), at('when'), add);
    const name = field(rule, 'name');
    const isOwn = typeof name === 'string' ? ownRules.get(name) : undefined;
    if (isOwn !== undefined) {
      add(at('name'), `"${name}" is the name that decisions give ${isOwn}`, 'Give the rule another name.');
    }
  });
}

function checkCondition(condition: unknown, path: Path, add: Add): void {
  const least = field(condition, 'minConfidence');
  const most = field(condition, 'maxConfidence');
  if (typeof least === 'number' && typeof most === 'number' && least > most) {
    add(
      [...path, 'minConfidence'],
      `no confidence is at least ${least} and at most ${most}, so the rule never matches`,
      'Swap minConfidence and maxConfidence.',
    );
  }
  if (field(condition, 'automatic') === true) {
    const urgency = field(condition, 'urgency');
    const neverMatches = [
      field(condition, 'intent') !== undefined && 'intent',
      typeof least === 'number' && least > 0 && 'minConfidence',
      urgency !== undefined && ![urgency].flat().includes('normal') && 'urgency',
    ].filter((name) => name !== false);
    for (const name of neverMatches) {
      add(
        [...path, name],
        'automatic mail has no intent, no confidence and a normal urgency, so the rule never matches',
        `Leave out \`${name}\` or \`automatic\`.`,
      );
    }
  }
  const language = field(condition, 'language');
  if (Array.isArray(language)) {
    language.forEach((item: unknown, index) => {
      checkLanguage(item, [...path, 'language', index], add);
    });
  } else checkLanguage(language, [...path, 'language'], add);
}

function checkLanguage(language: unknown, path: Path, add: Add): void {
  const fault = typeof language === 'string' ? findLanguageFault(language) : null;
  if (fault !== null) add(path, fault.message, fault.cure);
}

function checkSlas(config: unknown, add: Add): void {
  const slas = field(config, 'slas');
  const calendars = keys(field(config, 'calendars'));
  const duration = (value: unknown) => durationSchema.safeParse(value).data;
  for (const name of keys(slas)) {
    const calendar = field(field(slas, name), 'calendar');
    if (typeof calendar === 'string' && !calendars.includes(calendar)) {
      add(
        ['slas', name, 'calendar'],
        `there is no calendar "${calendar}"`,
        suggest(calendar, calendars) ??
          'Add it to `calendars`, or leave `calendar` out: the times then count around the clock.',
      );
    }
    const first = duration(field(field(slas, name), 'firstResponse'));
    const resolution = duration(field(field(slas, name), 'resolution'));
    if (first !== undefined && resolution !== undefined && first > resolution) {
      add(
        ['slas', name],
        'the first response is due after the resolution',
        'Swap firstResponse and resolution, or correct one of them.',
      );
    }
  }
}

/** For an unknown type of connector the schema reports only the type; here the fields that all types share are checked. */
function checkConnectors(config: unknown, add: Add): void {
  const connectors = field(config, 'connectors');
  for (const name of keys(connectors)) {
    const connector = field(connectors, name);
    if (connectorDefinitions.some(({ type }) => type === field(connector, 'type'))) continue;
    const mode = field(connector, 'mode');
    if (mode !== undefined && !modes.some((known) => known === mode)) {
      add(
        ['connectors', name, 'mode'],
        `there is no mode ${JSON.stringify(mode)}`,
        `Write one of ${modes.join(', ')}.`,
      );
    }
    for (const { path, cure } of findWrittenSecrets({ connectors: { [name]: connector }, definitions: [] })) {
      add(path, 'a secret does not belong in this file', cure);
    }
  }
}

function checkEvaluation(config: unknown, add: Add): void {
  const evaluation = field(config, 'evaluation');
  const check = (id: unknown, path: Path) => {
    if (typeof id !== 'string' || criterionIds.some((known) => known === id)) return;
    add(path, `there is no criterion "${id}"`, suggest(id, criterionIds) ?? `Known: ${criterionIds.join(', ')}.`);
  };
  const targets = field(evaluation, 'targets');
  for (const id of keys(targets)) {
    const path = ['evaluation', 'targets', id];
    check(id, path);
    const fault = findTargetFault(id, field(targets, id));
    if (fault !== null) add(path, fault.message, fault.cure);
  }
  list(field(evaluation, 'required')).forEach((id, index) => {
    check(id, ['evaluation', 'required', index]);
  });
}

/** Calls `report` for each text that is equal to an earlier one; `first` is the index of that one. */
function forEachRepeated(
  values: readonly unknown[],
  report: (value: string, index: number, first: number) => void,
): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (typeof value === 'string' && first < index) report(value, index, first);
  });
}
