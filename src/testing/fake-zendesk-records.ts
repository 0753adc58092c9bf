// Records of the fake of Zendesk (fake-zendesk.ts), in the shapes of its API.

export type FakeVia = {
  channel: string;
  source: { from: { id?: number; title?: string }; to: object; rel: string | null };
};
export type FakeEvent = {
  id: number;
  type: 'Create' | 'Change' | 'Comment' | 'Notification';
  field_name?: string;
  value?: unknown;
  previous_value?: unknown;
  via?: FakeVia;
  author_id?: number;
  body?: string;
  html_body?: string;
  plain_body?: string;
  public?: boolean;
  attachments?: object[];
};
export type FakeAudit = {
  id: number;
  ticket_id: number;
  created_at: string;
  author_id: number;
  metadata: { system: object; custom: Record<string, unknown> };
  via: FakeVia;
  events: FakeEvent[];
};
export type FakeTicket = {
  id: number;
  url: string;
  subject: string;
  raw_subject: string;
  description: string;
  status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed' | 'deleted';
  custom_status_id: number | null;
  priority: string | null;
  type: string | null;
  tags: string[];
  requester_id: number;
  submitter_id: number;
  organization_id: number | null;
  group_id: number | null;
  assignee_id: number | null;
  brand_id: number;
  custom_fields: { id: number; value: string | null }[];
  via: FakeVia;
  created_at: string;
  updated_at: string;
  generated_timestamp: number;
};
export type FakeUser = {
  id: number;
  url: string;
  name: string;
  email: string;
  role: 'end-user' | 'agent' | 'admin';
  locale: string;
  suspended: boolean;
  active: boolean;
  organization_id: number | null;
  tags: string[];
  user_fields: Record<string, unknown>;
  groups: number[];
};
export type FakeGroup = { id: number; name: string; deleted: boolean; is_public: boolean; assignable: boolean };
export type FakeOrganization = {
  id: number;
  name: string;
  tags: string[];
  domain_names: string[];
  organization_fields: Record<string, unknown>;
};
export type FakeField = {
  id: number;
  type: string;
  title: string;
  active: boolean;
  removable: boolean;
  custom_field_options?: { id: number; name: string; value: string }[];
};
/** Changes a ticket after its creation or an update, in the same audit; nothing when it does not fire. */
export type FakeTrigger = {
  readonly id: number;
  readonly title: string;
  fire(ticket: FakeTicket, event: { isCreated: boolean; authorId: number }): FakeChanges | null;
};
/** What a person, a trigger or the API changes. */
export type FakeChanges = {
  group_id?: number;
  assignee_id?: number | null;
  status?: FakeTicket['status'];
  custom_status_id?: number;
  priority?: string;
  subject?: string;
  tags?: string[];
  custom_fields?: { id: number; value: string | null }[];
  comment?: { body: string; public?: boolean; author_id?: number; html_body?: string; attachments?: number };
};

/** Everything that an account has. */
export type FakeAccount = {
  readonly now: () => number;
  readonly baseUrl: () => string;
  nextId(): number;
  readonly users: Map<number, FakeUser>;
  readonly groups: Map<number, FakeGroup>;
  readonly organizations: Map<number, FakeOrganization>;
  readonly fields: Map<number, FakeField>;
  readonly brands: Map<number, { id: number; name: string; subdomain: string }>;
  readonly statuses: Map<number, { id: number; agent_label: string; status_category: string }>;
  readonly tickets: Map<number, FakeTicket>;
  /** Ids of tickets that the API does not return any more. */
  readonly gone: Set<number>;
  readonly audits: Map<number, FakeAudit[]>;
  readonly triggers: FakeTrigger[];
};

/** ISO 8601 in whole seconds, as Zendesk counts. */
export const inSeconds = (ms: number): string =>
  new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');

export const viaApi: FakeVia = { channel: 'api', source: { from: {}, to: {}, rel: null } };
export const viaWeb: FakeVia = { channel: 'web', source: { from: {}, to: {}, rel: null } };
export const viaMail: FakeVia = { channel: 'email', source: { from: {}, to: {}, rel: null } };

export function createAccount(options: { now: () => number; baseUrl: () => string }): FakeAccount {
  let last = 1_000;
  return {
    ...options,
    nextId: () => ++last,
    users: new Map(),
    groups: new Map(),
    organizations: new Map(),
    fields: new Map(),
    brands: new Map(),
    statuses: new Map(),
    tickets: new Map(),
    gone: new Set(),
    audits: new Map(),
    triggers: [],
  };
}
