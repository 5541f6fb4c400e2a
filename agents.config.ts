import { defineConfig } from 'sotto';
import { clerk } from './agents/clerk.ts';
import { records } from './agents/records.ts';

export default defineConfig({
  workspace: 'workspace',
  agents: [clerk, records],
});
