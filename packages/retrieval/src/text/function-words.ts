const words = `a an the and or but if of in on at by for from to into with about as than i me my mine we us our you your
  he she it its they them their this that these those there here is am are was were be been being do does did done
  have has had can could will would shall should may might must not no how what when where who whom which why
  please just also so then too any some`;

const functionWords: ReadonlySet<string> = new Set(words.split(/\s+/));

/** Whether a word tells what a text is about; `can` and `the` do not. */
export function isContentWord(word: string): boolean {
  return !functionWords.has(word);
}
