import { z } from 'zod';

/** Text, also where a program or another model's template gives a number, a list or null. */
export const asText = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => {
    if (value === null) return undefined;
    return typeof value === 'number' || Array.isArray(value) ? String(value) : value;
  }, schema);

export const pages = asText(z.string().optional()).describe(
  'Pages to read, such as "3", "2-5" or "1,4-6". Default: all',
);

export const question = asText(z.string().optional()).describe('What to find out about the picture');

export const fromLine = z
  .int()
  .min(1)
  .optional()
  .describe('First line to read of the first page, 1-based. Default: 1');
