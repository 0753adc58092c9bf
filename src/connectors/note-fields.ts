/** Names that a template may have in braces. */
export const noteFields = [
  ...['intent', 'intentName', 'confidence', 'reasoning', 'decidingWords', 'runnerUp', 'because', 'rule'],
  ...['team', 'teamName', 'assignee', 'priority', 'urgency', 'language', 'correct', 'decisionId'],
] as const;
