/** What became of an incoming ticket: new; known with the same content; known with other content (helpdesks only). */
export type IntakeResult = {
  readonly status: 'accepted' | 'repeated' | 'revised';
  readonly ticketId: string;
  readonly revision: number;
};
