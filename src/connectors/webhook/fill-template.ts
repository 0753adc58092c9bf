import type { DeliverRequest } from '../connector.ts';
import type { Template } from './definition.ts';

/** The fields that a template may have in braces. */
export type TemplateFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export function fieldsOf({ ticket, classification, decision, owner, note }: DeliverRequest): TemplateFields {
  return {
    externalId: ticket.source?.externalId ?? ticket.id,
    ticketId: ticket.id,
    decisionId: decision.id,
    team: decision.team,
    owner,
    assignee: decision.assignee,
    priority: decision.priority,
    tags: decision.tags,
    rule: decision.rule,
    because: decision.because,
    mode: decision.mode,
    firstResponseDueAt: decision.sla.firstResponseDueAt,
    resolutionDueAt: decision.sla.resolutionDueAt,
    intent: classification.intent,
    confidence: classification.confidence,
    abstained: classification.abstained,
    urgency: decision.urgency,
    language: classification.language,
    reasoning: classification.reasoning,
    note,
  };
}

export const templateFields: readonly string[] = [
  ...[
    'externalId',
    'ticketId',
    'decisionId',
    'team',
    'owner',
    'assignee',
    'priority',
    'tags',
    'rule',
    'because',
    'mode',
  ],
  ...['firstResponseDueAt', 'resolutionDueAt', 'intent', 'confidence', 'abstained', 'urgency', 'language'],
  ...['reasoning', 'note'],
];

const field = /\{([A-Za-z]+)\}/g;

/** A text that is one field alone becomes its value: a number, a list or null. */
export function fillTemplate(template: Template, fields: TemplateFields): unknown {
  if (typeof template === 'string') {
    const [, only] = /^\{([A-Za-z]+)\}$/.exec(template) ?? [];
    return only !== undefined && Object.hasOwn(fields, only) ? fields[only] : fillText(template, fields);
  }
  if (Array.isArray(template)) return template.map((item: Template) => fillTemplate(item, fields));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillTemplate(value, fields)]));
}

/** Replaces the fields in a text; one that is null becomes nothing, and what is no field stays. */
export function fillText(text: string, fields: TemplateFields, encode: (value: string) => string = String): string {
  return text.replace(field, (whole, name: string) => {
    if (!Object.hasOwn(fields, name)) return whole;
    const value = fields[name];
    return value === null || value === undefined ? '' : encode(Array.isArray(value) ? value.join(', ') : String(value));
  });
}

/** The names in braces that are no fields. */
export function unknownFields(template: Template): string[] {
  const texts = JSON.stringify(template) ?? '';
  return [...texts.matchAll(field)].map(([, name = '']) => name).filter((name) => !templateFields.includes(name));
}
