import { expect, test } from "vitest";
import { readStoryLine, readTold } from "../src/stories/told.ts";

test.each([
  ["Mary is here.", ["Mary is here."], []],
  ["Mr. Smith is here. Where is he?", ["Mr. Smith is here."], ["Where is he?"]],
  ["Who? Where?", [], ["Who?", "Where?"]],
  ["Mary is here", ["Mary is here"], []],
])("%j has facts %j and questions %j", (said, facts, questions) => {
  expect(readTold(said)).toEqual({ facts, questions });
});

test.each([
  ["1 Mary is here.", "Mary is here.", true],
  ["12 Where is Mary?\there\t1", "Where is Mary?", false],
  ["Where is Mary?", "Where is Mary?", false],
  [" ", "", true],
])("the line %j is read as %j, begins a story: %j", (line, text, begins) => {
  expect(readStoryLine(line)).toEqual({ text, begins });
});
