import type { ConnectorDefinition } from './definition.ts';
import { fileConnector } from './file/definition.ts';
import { folderConnector } from './folder/definition.ts';
import { requestTrackerConnector } from './request-tracker/definition.ts';
import { webhookConnector } from './webhook/definition.ts';
import { zendeskConnector } from './zendesk/definition.ts';

/** Every type of connector, in the order in which messages list them. */
export const connectorDefinitions: readonly ConnectorDefinition[] = [
  fileConnector,
  folderConnector,
  webhookConnector,
  requestTrackerConnector,
  zendeskConnector,
];
