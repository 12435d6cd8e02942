import { create } from "@bufbuild/protobuf";
import { type NodeProto, NodeProtoSchema } from "onnx-buf";

export type NamedOutput = { readonly name: string; readonly from: string };

/**
 * Give the graph's outputs their names and drop the nodes that none of them needs.
 *
 * The node that yields an output is renamed, since an Identity behind it would be a copy
 * of the array at every run: 7 ms of a training step whose outputs are 70 MB of state.
 */
export function nameOutputs(
  nodes: readonly NodeProto[],
  outputs: readonly NamedOutput[],
): NodeProto[] {
  const produced = new Set(nodes.flatMap((node) => node.output));
  const renamed = new Map<string, string>();
  const copies: NodeProto[] = [];
  for (const { name, from } of outputs) {
    if (produced.has(from) && !renamed.has(from)) renamed.set(from, name);
    else copies.push(identity(from, name));
  }
  const rename = (name: string): string => renamed.get(name) ?? name;
  const all = [...nodes, ...copies];
  for (const node of all) {
    node.input = node.input.map(rename);
    node.output = node.output.map(rename);
  }
  const needed = new Set(outputs.map((output) => output.name));
  const alive: NodeProto[] = [];
  for (const node of all.reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    for (const name of node.input) needed.add(name);
    alive.push(node);
  }
  return alive.reverse();
}

/** A node for an output that is a leaf or has a second name. */
function identity(from: string, name: string): NodeProto {
  const node = { opType: "Identity", name: `output/${name}`, input: [from], output: [name] };
  return create(NodeProtoSchema, node);
}
