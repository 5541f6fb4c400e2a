import { defineConfig } from 'sotto';
import { clerk } from './agents/clerk.ts';

export default defineConfig({
  workspace: 'workspace',
  agents: [clerk],
});
