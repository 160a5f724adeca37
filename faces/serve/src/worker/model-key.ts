/** Names a model among those of its task. */
export function keyOf(model: unknown): string {
  return JSON.stringify(model);
}

/** Names a model, between the server and its engine processes. */
export function modelOf(task: string, key: string): string {
  return `${task} ${key}`;
}
