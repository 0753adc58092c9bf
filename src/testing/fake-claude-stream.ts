// Test double: a reply as server-sent events.
import type { ServerResponse } from 'node:http';
import type { Fault } from './fake-claude-faults.ts';
import type { FakeReply } from './fake-claude-reply.ts';

export function streamReply(options: {
  response: ServerResponse;
  reply: FakeReply;
  fault: Fault | null;
  headers: Readonly<Record<string, string>>;
}): void {
  const { response, reply, fault } = options;
  const send = (event: string, data: Record<string, unknown>) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify({ type: event, ...data })}\n\n`);
  response.writeHead(200, { ...options.headers, 'content-type': 'text/event-stream' });
  const { content, stop_reason, stop_details, usage, ...head } = reply;
  send('message_start', {
    message: { ...head, content: [], stop_reason: null, stop_details: null, usage: { ...usage, output_tokens: 1 } },
  });
  if (fault?.kind === 'sse-error') {
    send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    return void response.end();
  }
  if (fault?.kind === 'stall-in-body') return;
  content.forEach((block, index) => {
    const isText = block.type === 'text';
    send('content_block_start', { index, content_block: isText ? { ...block, text: '' } : block });
    if (isText) send('content_block_delta', { index, delta: { type: 'text_delta', text: block.text } });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason, stop_details, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}
