/** The result of an incoming ticket. */
export type IntakeResult = {
  /**
   * `accepted`: new. `repeated`: stored before with the same content. `revised`: with other content (helpdesks only).
   */
  readonly status: 'accepted' | 'repeated' | 'revised';
  readonly ticketId: string;
  readonly revision: number;
  /** Of a revision: only what rules look at has changed. */
  readonly hasSameWords?: boolean;
};
