import type { Approve } from './ask-approval.ts';

/** Puts one question at a time to a person, whichever of a run's agents has it: two that were asked at once would both take
 * the same answer. */
export function approveInTurn(approve: Approve): Approve {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answer = last.then(() => {
      request.signal.throwIfAborted();
      return approve(request);
    });
    last = answer.catch(() => {});
    return answer;
  };
}
