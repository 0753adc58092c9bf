import type { Classification } from '../../classifiers/classifier.ts';
import { formatPercent } from '../../classifiers/format-percent.ts';
import type { noteFields } from '../../connectors/note-fields.ts';
import type { Decision } from '../../routing/decision.ts';
import { sayIn } from '../../sentences/say-in.ts';
import { namesOfPath } from '../../taxonomy/names-of-path.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { ConfiguredConnector, PipelineContext } from '../pipeline-context.ts';
import { noteTexts } from './note-texts.ts';

export type NoteRequest = {
  readonly classification: Classification;
  readonly decision: Decision;
  /** True for a customer who writes again after an agent has the ticket. */
  readonly isLater: boolean;
};

type NoteContext = Pick<PipelineContext, 'taxonomy' | 'routing'>;

/**
 * Writes the internal note: the connector's template, or that of the agents' language, in which the reasons are too where it has
 * words for them. A line in which every field is empty is left out.
 */
export function writeNote(
  context: NoteContext,
  configured: Pick<ConfiguredConnector, 'note' | 'noteLanguage' | 'customFields'>,
  { classification, decision, isLater }: NoteRequest,
): string {
  const { noteLanguage } = configured;
  const texts = noteTexts[noteLanguage];
  const { taxonomy, routing } = context;
  const { intent, confidence, abstained, decidingWords, runnersUp, language } = classification;
  const name = nameOf(taxonomy, intent);
  const [runnerUp] = runnersUp;
  const field = configured.customFields.intent;
  const fields: Record<(typeof noteFields)[number], string> = {
    intent: intent ?? '',
    intentName: abstained || name === '' ? fill(texts.unsure, { intentName: name === '' ? '?' : name }) : name,
    confidence: formatPercent(confidence),
    reasoning: sayIn(noteLanguage, { text: classification.reasoning, facts: classification.reasoningFacts }),
    decidingWords: decidingWords.map((words) => `"${words}"`).join(', '),
    runnerUp:
      runnerUp === undefined ? '' : `${nameOf(taxonomy, runnerUp.intent)} (${formatPercent(runnerUp.confidence)})`,
    because: sayIn(noteLanguage, { text: decision.because, facts: decision.becauseFacts }),
    rule: decision.rule,
    team: decision.team,
    teamName: routing.teams.find(({ id }) => id === decision.team)?.name ?? decision.team,
    assignee: decision.assignee ?? '',
    priority: decision.priority,
    urgency: decision.urgency,
    language: language ?? '',
    correct: field === undefined ? texts.correctByMove : fill(texts.correctByField, { field }),
    decisionId: decision.id,
  };
  return fill(isLater ? texts.later : (configured.note ?? texts.note), fields);
}

/** The note that says that a delivery was taken back. */
export function writeUndoneNote(configured: Pick<ConfiguredConnector, 'noteLanguage'>, decisionId: string): string {
  return fill(noteTexts[configured.noteLanguage].undone, { decisionId });
}

/** The names of an intent and its parents: `Billing › Refund`. */
function nameOf(taxonomy: Taxonomy, intent: string | null): string {
  return intent === null ? '' : namesOfPath(taxonomy, intent).join(' › ');
}

const fieldPattern = /\{([A-Za-z]+)\}/g;

function fill(template: string, fields: Readonly<Record<string, string>>): string {
  return template
    .split('\n')
    .filter((line) => {
      const names = [...line.matchAll(fieldPattern)]
        .map(([, name = '']) => name)
        .filter((name) => Object.hasOwn(fields, name));
      return names.length === 0 || names.some((name) => fields[name] !== '');
    })
    .map((line) =>
      line.replace(fieldPattern, (whole, name: string) => (Object.hasOwn(fields, name) ? (fields[name] ?? '') : whole)),
    )
    .join('\n');
}
