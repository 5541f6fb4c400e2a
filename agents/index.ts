import { clerk } from './clerk.ts';
import { desk } from './desk.ts';
import { records } from './records.ts';

/** The agents of a project that has no agents.config.ts. */
export const builtInAgents = [clerk, desk, records];
