import { defineAgent } from 'sotto';

export const clerk = defineAgent({
  name: 'clerk',
  description: 'Reads documents in the workspace and writes down what was asked for.',
  instructions: 'You are a careful local assistant. You work on the files in the workspace.',
  // A small model without a budget thinks in circles.
  thinking: 1000,
  tools: ['read_file', 'list_files', 'write_file'],
});
