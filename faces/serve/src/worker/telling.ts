/**
 * Work that tells what happens by a callback, as a generator of what it tells.
 *
 * @returns the work's result
 * @throws what the work throws, after all that it told is yielded
 */
export async function* telling<Told, Result>(
  work: (tell: (told: Told) => void) => Promise<Result>,
): AsyncGenerator<Told, Result, void> {
  const told: Told[] = [];
  let isDone = false;
  let wake = () => {};
  const result = work((each) => {
    told.push(each);
    wake();
  });
  const end = () => {
    isDone = true;
    wake();
  };
  result.then(end, end);
  for (;;) {
    yield* told.splice(0);
    if (isDone) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return await result;
}
