/** What became of a ticket at the door: new; known with the same content; known with other content (helpdesks only). */
export type IntakeResult = {
  readonly status: 'accepted' | 'repeated' | 'revised';
  readonly ticketId: string;
  readonly revision: number;
};
