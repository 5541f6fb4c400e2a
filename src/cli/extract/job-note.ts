import { z } from 'zod';
import { ConfigError } from '../../errors.ts';

/** What the command wants to find again when it goes on with a job. Paths are absolute, but for `paths`: as they were
 * named. */
const noteSchema = z.object({
  paths: z.array(z.string()).readonly(),
  out: z.string(),
  watch: z.boolean(),
  report: z.string().optional(),
  schema: z.string().optional(),
  parallel: z.int().optional(),
  move: z.object({ done: z.string(), failed: z.string() }).optional(),
  model: z.string().optional(),
  config: z.string().optional(),
});

type Known<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };
export type JobNote = Known<z.infer<typeof noteSchema>>;

/** Throws `ConfigError` where the job was begun by something else than the command. */
export function readNote(jobId: string, note: unknown): JobNote {
  const parsed = noteSchema.safeParse(note);
  if (parsed.success) return parsed.data as JobNote;
  throw new ConfigError(
    `The job ${jobId} does not say where its table goes: a program began it, and goes on with it.`,
  );
}
