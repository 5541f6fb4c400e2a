import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Agent, type AgentDefinition, defineAgent, resolveAgent } from './agent/define-agent.ts';
import type { LlamaEngineOptions } from './engine/llama-engine.ts';
import { stateFolder } from './engine/state-folder.ts';
import { ConfigError, firstLine } from './errors.ts';
import { isEncrypted } from './memory/vault.ts';
import type { Tool } from './tool/define-tool.ts';

/** The model to run, and how. Paths are relative to `agents.config.ts`. */
export type ModelConfig = Omit<LlamaEngineOptions, 'stateFolder'>;

export type MemoryConfig = {
  /** Whether it is encrypted, under a passphrase that `sotto` asks for; the model's states are not kept then. Default: false,
   * which leaves a folder encrypted that is. */
  readonly encrypt?: boolean;
};

export type Config = {
  /** The folder that agents may touch. Default: `workspace`. */
  readonly workspace?: string;
  /** Default: the small model that comes with Sotto. */
  readonly model?: ModelConfig;
  /** How what Sotto keeps in `.sotto` is kept. */
  readonly memory?: MemoryConfig;
  /** The user's own as values, built-in ones (`clerk`, `desk`, `records`) by name. */
  readonly agents: readonly (AgentDefinition | string)[];
};

export type LoadedConfig = {
  readonly agents: readonly Agent[];
  readonly builtInTools: readonly Tool[];
  readonly model: LlamaEngineOptions;
  /** Whether the model is the one that comes with Sotto. */
  readonly isBundledModel: boolean;
  readonly workspace: string;
  /** The `.sotto` folder beside the config. */
  readonly home: string;
  /** Whether the config says that what is kept there has to be encrypted. */
  readonly mustEncrypt: boolean;
};

/** Names the settings of a project. It is the default export of `agents.config.ts`. */
export const defineConfig = (config: Config): Config => config;

export type LoadOptions = {
  /** Default: the current directory. */
  readonly folder?: string;
  /** A config file elsewhere. Default: `agents.config.ts` in the folder, or the built-in agents where there is none. */
  readonly configPath?: string;
  /** Overrides the config's model. */
  readonly modelPath?: string;
  /** Overrides the config's workspace. */
  readonly workspace?: string;
};

export const CONFIG_FILE = 'agents.config.ts';
/** The bundled model was trained to answer with its likeliest token. */
const BUNDLED_SAMPLING = { temperature: 0 };

/** Memory aside: tokens are sampled one after the other, so more of them at once bring nothing. */
const MOST_PARALLEL = 32;

const modelSchema = z.strictObject({
  path: z.string().min(1),
  contextTokens: z.int().min(512).optional(),
  kvCache: z.enum(['f16', 'q8_0', 'q4_0']).optional(),
  gpu: z.enum(['auto', 'metal', 'cuda', 'vulkan']).or(z.literal(false)).optional(),
  threads: z.int().min(1).optional(),
  parallel: z.int().min(1).max(MOST_PARALLEL).optional(),
  seed: z.int().min(0).optional(),
  sampling: z
    .strictObject({
      temperature: z.number().min(0),
      topP: z.number().gt(0).max(1),
      topK: z.int().min(1),
      presencePenalty: z.number(),
    })
    .partial()
    .optional(),
  maxStateBytes: z.int().min(0).optional(),
});
const agentSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  instructions: z.string(),
  tools: z.array(z.string().or(z.custom<Tool>(isTool, 'neither a tool nor the name of one'))).optional(),
  agents: z.array(z.string()).optional(),
  thinking: z.enum(['on', 'off']).or(z.number()).optional(),
  limits: z.strictObject({ maxSteps: z.number(), maxTokens: z.number() }).partial().optional(),
  approve: z.array(z.string()).optional(),
});
/** Not a union with a string: its one sentence would name no field. */
const agentEntrySchema = z.unknown().superRefine((agent, context) => {
  if (typeof agent === 'string') return;
  for (const issue of agentSchema.safeParse(agent).error?.issues ?? []) context.addIssue({ ...issue });
});
const configSchema = z.strictObject({
  memory: z.strictObject({ encrypt: z.boolean().optional() }).optional(),
  workspace: z.string().min(1).optional(),
  model: modelSchema.optional(),
  agents: z.array(agentEntrySchema).min(1),
});

function isTool(value: unknown): boolean {
  const tool = value as Partial<Tool> | null | undefined;
  return typeof tool?.name === 'string' && typeof tool.check === 'function' && typeof tool.run === 'function';
}

/** Reads the project's config; the config is code and is loaded from the current directory or the given path only. */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const folder = resolve(options.folder ?? '.');
  const path = options.configPath ? resolve(folder, options.configPath) : join(folder, CONFIG_FILE);
  const config = existsSync(path) || options.configPath ? await importConfig(path) : await defaultConfig();
  const base = options.configPath ? dirname(path) : folder;
  const { builtInTools } = await import('../tools/index.ts');
  const bundled = bundledModelPath();
  const modelPath = options.modelPath
    ? resolve(folder, options.modelPath)
    : config.model
      ? resolve(base, config.model.path)
      : bundled;
  const isBundledModel = modelPath === bundled;
  const { builtInAgents } = await import('../agents/index.ts');
  const definitions = config.agents.map((agent) =>
    typeof agent === 'string' ? findBuiltIn(builtInAgents, agent) : defineAgent(agent),
  );
  const home = join(base, '.sotto');
  const mustEncrypt = config.memory?.encrypt ?? false;
  // An agent may give tasks to a built-in one that nobody calls by name.
  const callable = [...definitions, ...builtInAgents];
  const agents = definitions.map((agent) => resolveAgent(agent, builtInTools, callable));
  const twice = agents.find(({ name }, index) => agents.findIndex((other) => other.name === name) < index);
  if (twice) throw new ConfigError(`There are two agents named "${twice.name}": give one another name.`);
  return {
    agents,
    builtInTools,
    model: {
      ...(isBundledModel && { sampling: BUNDLED_SAMPLING }),
      ...config.model,
      path: modelPath,
      // llama.cpp writes states in the open, and they hold what was said.
      ...(!mustEncrypt && !isEncrypted(home) && { stateFolder: stateFolder(home) }),
    },
    isBundledModel,
    workspace: options.workspace
      ? resolve(folder, options.workspace)
      : resolve(base, config.workspace ?? 'workspace'),
    home,
    mustEncrypt,
  };
}

/** The agent of this name. Throws `ConfigError` that lists those there are. */
export function findAgent({ agents }: LoadedConfig, name: string): Agent {
  const agent = agents.find((candidate) => candidate.name === name);
  if (agent) return agent;
  const known = agents.map((candidate) => candidate.name).join(', ');
  throw new ConfigError(`There is no agent ${JSON.stringify(name)}. The agents are: ${known}.`);
}

async function importConfig(path: string): Promise<Config> {
  if (!existsSync(path)) throw new ConfigError(`There is no config file ${path}.`);
  checkModuleType(path);
  const loaded = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new ConfigError(`${path} could not be loaded: ${firstLine(cause)}`, { cause });
  });
  const parsed = configSchema.safeParse(loaded.default);
  if (parsed.success) return loaded.default as Config;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'default export'}: ${issue.message}`,
  );
  throw new ConfigError(`${path} is not as it has to be. ${problems.join('; ')}.`);
}

/** What `npm init` writes into a package.json nowadays makes Node read the config as CommonJS. */
function checkModuleType(path: string): void {
  const packagePath = findPackageJSON(pathToFileURL(path).href);
  if (packagePath === undefined || !path.endsWith('.ts')) return;
  if (readJson(packagePath)?.type !== 'commonjs') return;
  throw new ConfigError(`${path} cannot be read as a module: write "type": "module" into ${packagePath}.`);
}

function readJson(path: string): { readonly type?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Node says what is wrong with it.
    return undefined;
  }
}

async function defaultConfig(): Promise<Config> {
  const { builtInAgents } = await import('../agents/index.ts');
  return { agents: builtInAgents };
}

function findBuiltIn(builtInAgents: readonly AgentDefinition[], name: string): AgentDefinition {
  const agent = builtInAgents.find((candidate) => candidate.name === name);
  if (agent) return agent;
  const known = builtInAgents.map((candidate) => candidate.name).join(', ');
  throw new ConfigError(`There is no built-in agent ${JSON.stringify(name)}. There are: ${known}.`);
}

/** The model beside the package's own package.json: one folder up from src/, two from dist/src/. */
function bundledModelPath(): string {
  const candidates = ['..', '../..'].map((up) =>
    resolve(import.meta.dirname, up, 'models/tiny-qwen3.5.gguf'),
  );
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0] ?? '';
}
