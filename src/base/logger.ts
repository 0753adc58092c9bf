type Log = (facts: Record<string, unknown>, message: string) => void;

/** The logger that the pipeline needs; a pino logger fits. Never pass ticket text as a fact. */
export type Logger = { readonly debug: Log; readonly info: Log; readonly warn: Log; readonly error: Log };

const ignore: Log = () => {};
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
