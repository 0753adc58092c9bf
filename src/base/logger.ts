type Log = (facts: Record<string, unknown>, message: string) => void;

/** What the pipeline asks of a logger; a pino logger fits. Facts never hold ticket text. */
export type Logger = { readonly debug: Log; readonly info: Log; readonly warn: Log; readonly error: Log };

const ignore: Log = () => {};
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
