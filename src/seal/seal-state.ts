/** What keeps this process from the network, and how far that reaches. */
export type SealState = {
  /** `node-permission`: a seat belt. `none`: nothing holds. */
  readonly mechanism: 'node-permission' | 'none';
  /** One sentence for people, which claims no more than the mechanism does. */
  readonly sentence: string;
};

/**
 * Told from the running process itself, not from how it was started; asked anew at each call, as a permission can be
 * dropped on the way. Node's own words for its permission model: it "does not provide security guarantees in the
 * presence of malicious code" (https://nodejs.org/api/permissions.html).
 */
export function sealState(): SealState {
  // The types say that it is always there; Node leaves it out without --permission.
  const permission: NodeJS.Process['permission'] | undefined = process.permission;
  if (!permission) {
    return { mechanism: 'none', sentence: `Nothing keeps this process from the network. ${REMEDY}` };
  }
  if (permission.has('net')) {
    return { mechanism: 'none', sentence: `This process may use the network (--allow-net). ${REMEDY}` };
  }
  return {
    mechanism: 'node-permission',
    sentence:
      "Node's permission model denies the network to Sotto's own JavaScript: a seat belt, not a proof, " +
      'as native code and programs that are not Node are not held by it.',
  };
}

const REMEDY = 'Start it with the `sotto` command, which denies it.';
