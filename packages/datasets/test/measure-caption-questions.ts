/**
 * Prints what `questionsFromCaptions` makes of Flickr8k's and coco8k's dev captions: statistics, fifty rows
 * of each to be read by eye, and how many answers about coco8k's photos agree with COCO's boxes.
 */
import { join } from "node:path";
import { createRandom } from "@attend/runtime/random";
import {
  findData,
  formatQuestionStatistics,
  questionStatistics,
  questionsFromCaptions,
  readBoxes,
  readDataSet,
} from "../src/index.ts";

for (const name of ["flickr8k", "coco8k"]) {
  const set = await readDataSet(name, "dev");
  const rows = await questionsFromCaptions(set, { seed: 1 });
  console.log(`\n${name} dev: ${formatQuestionStatistics(questionStatistics(rows))}\n`);
  const textOf = new Map(
    set.images.flatMap(({ captions }) => captions.map(({ line, text }) => [line, text])),
  );
  for (const { question, answers, line, source } of createRandom(1).shuffle(rows).slice(0, 50)) {
    console.log(`${source}: ${question} ${answers.join("|")} (${textOf.get(line)})`);
  }
}

const boxes = await readBoxes(join(findData("coco8k"), "boxes.tsv"));
const classes = new Set([...boxes.values()].flat().map(({ name }) => name));
const classOf = (name: string) =>
  [{ ball: "sports ball", people: "person" }[name], name, name.replace(/s$/, "")].find(
    (each) => each !== undefined && classes.has(each),
  );
const isThere = /^(?:Is there|Can you see|Does the photo show) an? (.*?)(?: in the picture)?\?$/;
const tallies = {
  yes: { right: 0, all: 0 },
  no: { right: 0, all: 0 },
  number: { right: 0, all: 0 },
};
for (const part of ["train", "dev"] as const) {
  const set = await readDataSet("coco8k", part);
  for (const { image, question, answers } of await questionsFromCaptions(set, { seed: 1 })) {
    const [answer = ""] = answers;
    const thing = isThere.exec(question)?.[1];
    const name = classOf(thing ?? /^How many (.*) are there\?$/.exec(question)?.[1] ?? "");
    const found = boxes.get(image);
    if (name === undefined || found === undefined) continue;
    const count = found.filter((each) => each.name === name).length;
    const tally = tallies[thing === undefined ? "number" : answer === "yes" ? "yes" : "no"];
    tally.all++;
    if (thing === undefined ? count === Number(answer) : count > 0 === (answer === "yes"))
      tally.right++;
  }
}
console.log("\nanswers that agree with COCO's boxes:", tallies);
