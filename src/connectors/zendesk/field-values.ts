import { foldName } from '../../base/fold-name.ts';
import { formatFraction, wholePercent } from '../../classifiers/format-percent.ts';
import type { CustomFieldValues } from '../custom-field-values.ts';
import type { FieldUse } from './directory.ts';
import { asText } from './map-audits.ts';
import type { ZendeskField } from './schemas.ts';

/** Types of fields that a use may have. Others are reported by `doctor` and left alone. */
const allowedTypes: Readonly<Record<FieldUse, readonly string[]>> = {
  intent: ['text', 'textarea', 'tagger'],
  confidence: ['decimal', 'integer', 'text'],
  urgency: ['text', 'tagger'],
  language: ['text', 'tagger'],
};

export const isAllowedType = (use: FieldUse, field: ZendeskField): boolean => allowedTypes[use].includes(field.type);
export const typesFor = (use: FieldUse): readonly string[] => allowedTypes[use];

/** How a value is written in a field; null where the field does not take it, or a dropdown has no such option. */
export function valueFor(options: { use: FieldUse; field: ZendeskField; values: CustomFieldValues }): string | null {
  const { use, field, values } = options;
  const value = values[use];
  if (value === null || !isAllowedType(use, field)) return null;
  if (typeof value === 'number') return confidenceIn(field, value);
  return field.type === 'tagger' ? (optionFor(field, value)?.value ?? null) : value;
}

/** Whole percents in a field for whole numbers, a fraction of 1 elsewhere, rounded down as in the note; Zendesk takes numbers as text. */
function confidenceIn(field: ZendeskField, confidence: number): string {
  if (field.type === 'integer') return String(wholePercent(confidence));
  return formatFraction(confidence);
}

/**
 * The option of a dropdown for a text, whether by its tag or by its name: `orders/where-is-it` fits the tags
 * `orders/where-is-it` and `orders_where_is_it`, and the name `Orders::Where is it`.
 */
function optionFor(field: ZendeskField, text: string): { readonly value: string } | undefined {
  const options = field.custom_field_options ?? [];
  const folded = foldName(text);
  return (
    options.find(({ value }) => value === text) ??
    options.find(({ value }) => foldName(value) === folded) ??
    options.find(({ name }) => foldName(name) === folded)
  );
}

/** Whether two values of a field are the same: Zendesk returns 0.90 as 0.9 where the field is a number. */
export function isSameValue(field: ZendeskField, one: unknown, other: unknown): boolean {
  const [a, b] = [asText(one), asText(other)];
  const isNumber = field.type === 'decimal' || field.type === 'integer';
  return a === b || (isNumber && a !== null && b !== null && Number(a) === Number(b));
}
