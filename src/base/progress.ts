/** Called while a step runs that may take longer than a second; `total` is null when it is not known. */
export type OnProgress = (progress: { step: string; done: number; total: number | null }) => void;
