/** What `sotto extract` is to find in `workspace/inbox`. */
export const INBOX_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Invoice',
  type: 'object',
  properties: {
    vendor: { type: 'string', description: 'The firm that sends the invoice' },
    number: { type: 'string', description: 'The number of the invoice or credit note' },
    date: { type: 'string', format: 'date', description: 'The date of the invoice' },
    dueDate: { type: 'string', format: 'date', description: 'The day until which it has to be paid' },
    currency: { type: 'string', description: 'The currency of the amounts' },
    net: { type: 'number', description: 'The amount before tax' },
    tax: { type: 'number', description: 'The value added tax or sales tax, as an amount' },
    total: { type: 'number', description: 'The amount to pay, tax included' },
    items: {
      type: 'array',
      description: 'The lines of the invoice, without the sums below them',
      items: {
        type: 'object',
        properties: {
          description: { type: 'string', description: 'What was delivered' },
          quantity: { type: 'number', description: 'How much or how many of it' },
          amount: { type: 'number', description: 'What this line costs in all' },
        },
      },
    },
  },
  'x-checks': ['total = net + tax', 'net = sum(items.amount)'],
};
