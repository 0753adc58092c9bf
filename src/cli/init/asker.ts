/** A question has a name, by which a file of answers answers it: `type`, `settings.url`. */
type Question = { readonly name: string; readonly message: string };

export type Choice = { readonly value: string; readonly label: string; readonly hint?: string };

/** Puts the questions of `init`: to a person at a terminal, or to a file of answers. */
export type Asker = {
  /** False when another answer to the same question cannot be had. */
  readonly canAskAgain: boolean;
  text(
    question: Question & {
      /** Can be edited. */
      readonly initial?: string;
      /** Is taken when nothing is typed. */
      readonly suggested?: string;
      readonly isOptional?: boolean;
      /** Says what is wrong with a value; null when nothing is. */
      findFault?(value: string): string | null;
    },
  ): Promise<string>;
  /** A text that is not shown; empty when it was left out. */
  secret(question: Question & { readonly isOptional: boolean }): Promise<string>;
  choose(question: Question & { readonly choices: readonly Choice[]; readonly initial?: string }): Promise<string>;
  chooseMany(
    question: Question & {
      readonly choices: readonly Choice[];
      readonly initial: readonly string[];
      /** What to write instead of a choice that there is not, for a file of answers. */
      readonly whenUnknown?: string;
    },
  ): Promise<readonly string[]>;
  confirm(question: Question & { readonly initial: boolean }): Promise<boolean>;
  /** Shows a text between two questions. */
  say(text: string): void;
};
