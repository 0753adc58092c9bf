// A custom provider of promptfoo: https://www.promptfoo.dev/docs/providers/custom-api/
import { createPromptfooProvider, createSwitchboard } from '@switchboard/router';

/** One engine for all test cases: it trains or loads its model once. */
const opened = createSwitchboard();

export default class SwitchboardProvider {
  id = () => 'switchboard';
  callApi = async (prompt) => createPromptfooProvider(await opened).callApi(prompt);
}
