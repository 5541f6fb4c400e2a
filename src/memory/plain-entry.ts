import { z } from 'zod';

const content = z.array(z.looseObject({ type: z.literal('text'), text: z.string() }));
const toolCall = z.looseObject({ id: z.string(), name: z.string(), input: z.record(z.string(), z.json()) });
const result = z.looseObject({ toolCallId: z.string(), isError: z.boolean(), content });
const user = z.looseObject({ role: z.literal('user'), content });
const assistant = z.looseObject({
  role: z.literal('assistant'),
  thinking: z.string(),
  text: z.string(),
  toolCalls: z.array(toolCall),
});
const tool = z.looseObject({ role: z.literal('tool'), results: z.array(result) });
const point = z.looseObject({ runId: z.string() });
const step = z.int();
const usage = z.looseObject({});

/** Of the facts that hold more than names and numbers. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  'run-start': z.looseObject({
    runId: z.string(),
    threadId: z.string(),
    turn: z.int(),
    agent: z.string(),
    model: z.looseObject({ name: z.string() }),
    message: user.optional(),
    after: point.optional(),
    parent: point.extend({ toolCallId: z.string() }).optional(),
  }),
  'user-message': z.looseObject({ step, message: user }),
  'context-compact': z.looseObject({ step, context: z.array(z.union([user, assistant, tool])) }),
  'step-start': z.looseObject({ step }),
  'step-end': z.looseObject({ step, message: assistant, usage }),
  'step-abort': z.looseObject({ step, thinking: z.string(), text: z.string() }),
  'approval-start': z.looseObject({ toolCall }),
  'approval-end': z.looseObject({ toolCallId: z.string() }),
  'tool-call-start': z.looseObject({ toolCall }),
  'ask-end': z.looseObject({ toolCallId: z.string(), text: z.string(), usage }),
  'tool-call-end': z.looseObject({ result }),
  'run-end': z.looseObject({ stopReason: z.string(), steps: z.int(), usage }),
};

const base = z.looseObject({ seq: z.int(), at: z.string(), type: z.string() });

/** Whether a line without a checksum, as earlier versions wrote them, is an entry of a journal. */
export function isPlainEntry(value: object): boolean {
  const { data } = base.safeParse(value);
  if (!data) return false;
  return !Object.hasOwn(SHAPES, data.type) || SHAPES[data.type]?.safeParse(value).success === true;
}
