import { parseStories, readAllLines, type StoryQuestion } from "@attend/datasets";

/** Reads stories with questions from a text file. @throws AttendError like `readAllLines` and `parseStories` */
export async function readStories(file: string): Promise<StoryQuestion[]> {
  return parseStories((await readAllLines(file)).join("\n"), file);
}
