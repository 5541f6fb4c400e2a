import { defineConfig } from 'sotto';
import { clerk } from './agents/clerk.ts';
import { desk } from './agents/desk.ts';
import { records } from './agents/records.ts';

export default defineConfig({
  workspace: 'workspace',
  agents: [clerk, desk, records],
});
