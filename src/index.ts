/** The public API. */

export type { ApprovalRequest, Approve } from './agent/ask-approval.ts';
export { type Agent, type AgentDefinition, type AgentLimits, defineAgent } from './agent/define-agent.ts';
export type { UnknownCall } from './agent/resume-plan.ts';
export {
  type OnUnknown,
  type ResumeRunOptions,
  resumeRun,
  type UnknownDecision,
} from './agent/resume-run.ts';
export { type RunAgentOptions, type RunResult, runAgent } from './agent/run-agent.ts';
export type { Run } from './agent/run-handle.ts';
export { ThreadChangedError } from './agent/thread-end.ts';
export {
  type Config,
  defineConfig,
  findAgent,
  type LoadedConfig,
  loadConfig,
  type ModelConfig,
} from './config.ts';
export type {
  Engine,
  EngineEvent,
  GenerateRequest,
  Generation,
  ModelFacts,
  Sampling,
  SavedState,
} from './engine/engine.ts';
export { LlamaEngine, type LlamaEngineOptions } from './engine/llama-engine.ts';
export { deleteStates } from './engine/saved-states.ts';
export {
  ConfigError,
  ContextOverflowError,
  EngineCrashError,
  GenerationError,
  JobError,
  JournalError,
  LockError,
  ModelLoadError,
  SottoError,
  StoreError,
  VaultError,
  WorkspacePathError,
} from './errors.ts';
export type * from './events.ts';
export {
  type ExtractOptions,
  extract,
  type TypedExtraction,
  type TypedRow,
} from './extract/extract.ts';
export type {
  CheckResult,
  ExtractEvent,
  Extracted,
  Extraction,
  Failure,
  Field as ExtractField,
  FieldPlan,
  FieldType,
  List as ExtractList,
  ListRow,
  PageAccount,
  Review,
  Row,
  Scalar,
  Source,
  Status,
  Value,
} from './extract/extraction.ts';
export { deleteJob, type Job, type JobSummary, listJobs, readJob } from './extract/job/jobs.ts';
export type { MoveFolders } from './extract/job/move-documents.ts';
export { type ReviewRequest, reviewValue } from './extract/job/review-value.ts';
export type { Extractor } from './extract/job/run-job.ts';
export { type WriteReportOptions, writeReport } from './extract/report/write-report.ts';
export { writeTable } from './extract/table/write-table.ts';
export { openFacts } from './memory/facts.ts';
export { type JournalEntry, readEntries, readJournal, recoverJournal } from './memory/journal.ts';
export { type SearchMemoryOptions, searchMemory } from './memory/recall.ts';
export { type ExportedThread, exportThread } from './memory/recall-export.ts';
export { type Deleted, deleteHolders } from './memory/recall-forget.ts';
export type { Hit, Passage } from './memory/recall-hit.ts';
export { findHolders, type HeldFile, type Holder, type Holders } from './memory/recall-holders.ts';
export { type Memory, memoryOfRun } from './memory/recall-store.ts';
export { rewindThread } from './memory/rewind-thread.ts';
export {
  type DamagedRun,
  deleteRun,
  deleteThread,
  foldThreads,
  listThreads,
  lockThread,
  type RunRecord,
  readRuns,
  readThread,
  type Thread,
  type ThreadSummary,
  threadAt,
} from './memory/threads.ts';
export { isEncrypted } from './memory/vault.ts';
export { createVault, removeVault } from './memory/vault-change.ts';
export { changePassphrase, unlock, WrongPassphraseError } from './memory/vault-keys.ts';
export * from './messages.ts';
export type { OutputSchema } from './qwen/answer-schema.ts';
export type { History } from './qwen/render.ts';
export type { Thinking } from './qwen/thinking.ts';
export type * from './readers/document.ts';
export type { Limits } from './readers/limits.ts';
export type { PageRange } from './readers/page-ranges.ts';
export {
  type DrawEvidenceOptions,
  drawEvidence,
  type ReadDocumentOptions,
  readDocument,
} from './readers/read-document.ts';
export type { OcrMode, Part } from './readers/reader.ts';
export type { Drawn } from './readers/thread-protocol.ts';
export {
  defineTool,
  type Effect,
  type Question,
  type Tool,
  type ToolContext,
  type ToolOutput,
} from './tool/define-tool.ts';
export type { Fact, FactOrigin, FactSource, FactStore } from './tool/fact-store.ts';
export { toolFailure } from './tool/tool-result.ts';
export { type RunTrace, traceRun } from './trace/trace-run.ts';
export { openWorkspace, type Workspace } from './workspace/open-workspace.ts';
