import { defineAgent } from 'sotto';

export const records = defineAgent({
  name: 'records',
  description: 'Answers questions about health records: FHIR bundles, letters as PDF, scans.',
  // Short, as the smallest models need it: with twice the words the bundled one no longer finds a file's name.
  instructions:
    'You read health records and answer from them. Say what you found and where: the file and the page. Say so when it is not there.',
  // A small model without a budget thinks in circles.
  thinking: 1000,
  tools: ['list_files', 'read_file', 'read_pdf', 'read_image'],
});
