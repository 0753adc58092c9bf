import type { CalibratedEngine } from './calibrations.ts';

/** What a model is asked with: its id and the version of the prompt. */
export type AskedPrompt = { readonly model: string; readonly prompt: string };

/** What each engine is asked with now; an engine without a prompt, such as the embedded one, is left out. */
export type AskedPrompts = Readonly<Partial<Record<CalibratedEngine, AskedPrompt>>>;

type Fitted = {
  readonly engine: string;
  readonly taxonomy: string;
  readonly model?: string | undefined;
  readonly prompt?: string | undefined;
};

/** What is in use now: the version of the taxonomy, and what models are asked with. */
export type InUse = { readonly taxonomy: string; readonly asked: AskedPrompts };

/**
 * Why a calibration does not apply any more, as the end of a sentence; null when it applies. How often an answer is right
 * was measured with one taxonomy, one model and one prompt, and says nothing certain about others.
 */
export function whySetAside(calibration: Fitted, { taxonomy, asked: prompts }: InUse): string | null {
  if (calibration.taxonomy !== taxonomy) return 'it was fitted for another version of the taxonomy';
  // Engines that are not asked now have no entry, and neither has the embedded engine.
  const asked = new Map<string, AskedPrompt>(Object.entries(prompts)).get(calibration.engine);
  if (asked === undefined) return null;
  const { model, prompt } = calibration;
  if (prompt === undefined || model === undefined) return 'it does not say with which prompt it was fitted';
  if (model !== asked.model) return `it was fitted with ${model}, and ${asked.model} is asked now`;
  if (prompt !== asked.prompt) return `it was fitted with prompt ${prompt}, and the prompt is ${asked.prompt} now`;
  return null;
}
