/** A held-out answer, with the confidence of the engine and whether it was right. */
export type JudgedAnswer = {
  /** The intent that the engine named. */
  readonly intent: string;
  /** The right intent, null when none fits; missing in calibrations of older versions. */
  readonly expected?: string | null | undefined;
  readonly confidence: number;
  readonly correct: boolean;
};
