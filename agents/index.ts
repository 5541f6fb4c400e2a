import { clerk } from './clerk.ts';

/** The agents of a project that has no agents.config.ts. */
export const builtInAgents = [clerk];
