import { noUsage, type Usage } from '../events.ts';

/** What a run cost in all; the time to its first token is that of its first step. */
export function sumUsage(steps: readonly Usage[]): Usage {
  const sum = (key: 'evaluatedTokens' | 'reusedTokens' | 'generatedTokens') =>
    steps.reduce((total, step) => total + step[key], 0);
  const seconds = steps.reduce(
    (total, step) => total + (step.tokensPerSecond ? step.generatedTokens / step.tokensPerSecond : 0),
    0,
  );
  return {
    evaluatedTokens: sum('evaluatedTokens'),
    reusedTokens: sum('reusedTokens'),
    generatedTokens: sum('generatedTokens'),
    timeToFirstTokenMs: (steps[0] ?? noUsage).timeToFirstTokenMs,
    tokensPerSecond: seconds > 0 ? sum('generatedTokens') / seconds : 0,
  };
}
