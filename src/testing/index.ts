/** Public fakes: what a test of an agent or a tool needs in place of a model. */
export {
  createScriptedEngine,
  type Script,
  type ScriptedEngine,
  type ScriptedMessage,
} from './scripted-engine.ts';
