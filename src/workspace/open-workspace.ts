/** Placeholder interface: filled in by its implementer. */
export type Workspace = {
  readonly root: string;
};
