/** Called while a step runs that may take more than a second; `total` is null when it is not known. */
export type OnProgress = (progress: { step: string; done: number; total: number | null }) => void;
