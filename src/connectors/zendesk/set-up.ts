import type { Connector, Named } from '../connector.ts';
import { readGroups } from './check.ts';
import type { ZendeskClient } from './client.ts';
import type { Directory } from './directory.ts';
import {
  signingSecretReplySchema,
  tagsReplySchema,
  webhookReplySchema,
  webhooksReplySchema,
  type ZendeskField,
} from './schemas.ts';

/** Events after which a ticket is read again, or erased. */
const subscribedEvents = [
  'created',
  'comment_added',
  'subject_changed',
  'requester_changed',
  'organization_changed',
  'group_assignment_changed',
  'agent_assignment_changed',
  'priority_changed',
  'status_changed',
  'custom_field_changed',
  'tags_changed',
  'merged',
  'marked_as_spam',
  'undeleted',
  'soft_deleted',
  'permanently_deleted',
].map((event) => `zen:event-type:ticket.${event}`);

const MAX_TAGS = 100;

/** What `switchboard init` asks Zendesk for. */
export function createSetUp(options: {
  readonly client: ZendeskClient;
  readonly directory: Directory;
}): Required<Pick<Connector, 'listGroups' | 'listCategories' | 'createWebhook'>> {
  const { client, directory } = options;
  return {
    async listGroups(signal) {
      const groups = await readGroups(client, 'groups/assignable', signal);
      return groups.map(({ id, name }) => ({ id: String(id), name }));
    },
    async listCategories(signal) {
      const configured = await directory.fieldFor('intent', signal);
      const field = hasOptions(configured) ? configured : chooseCategories(await directory.fields(signal));
      if (field !== undefined) return optionsOf(field);
      const pages = await client.list({ path: 'tags', schema: tagsReplySchema, signal });
      const tags = pages.flatMap((page) => page.tags).slice(0, MAX_TAGS);
      return tags.map(({ name }) => ({ id: name, name }));
    },
    async createWebhook({ url, signal }) {
      const pages = await client.list({ path: 'webhooks', schema: webhooksReplySchema, signal });
      // Made before, by a set-up that did not come to its end: a second one would send everything twice.
      const existing = pages
        .flatMap((page) => page.webhooks)
        .find(({ endpoint, status }) => endpoint === url && status === 'active');
      const { id } = existing ?? (await createOne({ client, url, signal }));
      const { body } = await client.get({
        path: `webhooks/${encodeURIComponent(id)}/signing_secret`,
        schema: signingSecretReplySchema,
        signal,
      });
      return { secret: body.signing_secret.secret };
    },
  };
}

async function createOne(options: { client: ZendeskClient; url: string; signal: AbortSignal }) {
  const { client, url, signal } = options;
  const webhook = {
    name: 'Switchboard',
    status: 'active',
    endpoint: url,
    http_method: 'POST',
    request_format: 'json',
    subscriptions: subscribedEvents,
  };
  return (await client.post({ path: 'webhooks', body: { webhook }, schema: webhookReplySchema, signal })).webhook;
}

const hasOptions = (field: ZendeskField | undefined): field is ZendeskField =>
  (field?.custom_field_options?.length ?? 0) > 0;

/** Titles that a field with the reason of a contact often has. */
const likelyTitle =
  /categor|kategori|categoría|catégorie|reason|grund|motiv|topic|thema|intent|issue|inquiry|anliegen/i;

/** Of the dropdowns of the account, the one whose title sounds right; else the one with the most options. */
function chooseCategories(fields: readonly ZendeskField[]): ZendeskField | undefined {
  const dropdowns = fields.filter((field) => field.active && field.type === 'tagger' && hasOptions(field));
  const bySize = dropdowns.toSorted(
    (a, b) => (b.custom_field_options?.length ?? 0) - (a.custom_field_options?.length ?? 0),
  );
  return bySize.find(({ title }) => likelyTitle.test(title)) ?? bySize[0];
}

/** Levels of a name are separated by `::`. */
const optionsOf = (field: ZendeskField): Named[] =>
  (field.custom_field_options ?? []).map(({ name, value }) => ({ id: value, name: name.replaceAll('::', ' / ') }));
