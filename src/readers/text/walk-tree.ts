/** What is done at a node before and after its children. `enter` gives false where they are to be passed over. */
export type Visitor<Node> = {
  readonly enter: (node: Node) => boolean;
  readonly leave: (node: Node) => void;
};

/** Visits a tree in its order. No recursion: files nest elements deeper than a program's stack. */
export function walkTree<Node>(
  root: Node,
  childrenOf: (node: Node) => Iterable<Node>,
  { enter, leave }: Visitor<Node>,
): void {
  if (!enter(root)) return;
  const path = [{ node: root, children: childrenOf(root)[Symbol.iterator]() }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const next = top.children.next();
    if (next.done) {
      leave(top.node);
      path.pop();
    } else if (enter(next.value)) {
      path.push({ node: next.value, children: childrenOf(next.value)[Symbol.iterator]() });
    }
  }
}
