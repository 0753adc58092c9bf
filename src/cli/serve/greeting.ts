import type { App } from '../../app.ts';
import type { LoadedConfig } from '../../config/config-schema.ts';
import { findDeliveryGap } from '../../config/describe-delivery.ts';
import { describeHelpdesks } from '../../config/describe-helpdesks.ts';
import type { CliIo } from '../io.ts';

/** A ticket of a customer of the sample company, and one that fits any company. */
const SAMPLE_TEXT = 'I was charged twice for order #NN-48213 and want the money back';
const NEUTRAL_TEXT = 'Hello, I need help with my account';

/** What `serve` prints when it has started: what runs, with which engine and why, what to try, and how to stop. */
export function formatGreeting(options: {
  io: Pick<CliIo, 'colors'>;
  app: Pick<App, 'engine' | 'store' | 'unusedExamples' | 'uncalibrated'>;
  config: LoadedConfig;
  url: string;
  /** Where webhooks are received, if not at `url`. */
  webhookUrl: string | null;
  wantedPort: number;
  /** Whether the page was built. */
  hasPage: boolean;
  isDemo: boolean;
  /** The engine is not ready yet. */
  isStarting: boolean;
  version: string;
}): string {
  const { app, config, url, webhookUrl, wantedPort, hasPage, isDemo, isStarting, version } = options;
  const { bold, cyan, dim } = options.io.colors;
  const gap = findDeliveryGap(config);
  const port = Number(new URL(url).port || 80);
  const moved = wantedPort !== 0 && port !== wantedPort ? ` (port ${wantedPort} is taken)` : '';
  const rows: [string, string][] = [
    [
      'company',
      config.isSample ? 'Northnook, the sample company (there is no switchboard.yaml here)' : `${config.file}`,
    ],
    ['engine', `${app.engine.why}${isStarting ? '; it is starting, and tickets wait until it is ready' : ''}`],
    ['store', `${app.store.kind}, ${app.store.location}`],
    ...(app.unusedExamples === null ? [] : [['examples', app.unusedExamples] as [string, string]]),
    ...app.uncalibrated.map((sentence): [string, string] => ['calibration', sentence]),
    ...describeHelpdesks(config).map((line): [string, string] => ['helpdesk', line]),
    ...(gap === null ? [] : [['delivery', `${gap.message}. ${gap.cure}`] as [string, string]]),
    ['address', `${cyan(url)}${moved}${hasPage ? ' (for a browser)' : ''}, documentation at ${cyan(`${url}/docs`)}`],
    ...(webhookUrl === null
      ? []
      : [['webhooks', `${cyan(`${webhookUrl}/webhooks/NAME`)}, on this port alone`] as [string, string]]),
    ...(config.secrets.token === null
      ? []
      : [
          [
            'token',
            'programs send SWITCHBOARD_TOKEN with each request; people sign in with it, or by name (switchboard user add)',
          ] as [string, string],
        ]),
    ...(isDemo
      ? [['demo', 'sends the sample inbox: a ticket every second or two, later one every 15 s'] as [string, string]]
      : []),
  ];
  const token = config.secrets.token === null ? '' : ' -H "authorization: Bearer $SWITCHBOARD_TOKEN"';
  return `${[
    bold(`Switchboard ${version}`),
    ...rows.map(([name, value]) => `  ${dim(name.padEnd(8))} ${value}`),
    '',
    'Send a ticket of your own from another terminal:',
    `  curl -s '${url}/v1/tickets?wait=5s' -H 'content-type: application/json'${token} \\`,
    `    -d '{"body": "${config.isSample ? SAMPLE_TEXT : NEUTRAL_TEXT}"}'`,
    dim('Stop with Ctrl-C.'),
  ].join('\n')}\n\n`;
}
