import { describe, expect, test } from "vitest";
import { captionFaults } from "../src/index.ts";

describe("captionFaults", () => {
  test.each([
    ["A plate of food are sitting on a table.", "agreement", "a plate of food are"],
    ["a man are standing", "agreement", "a man are"],
    ["People is walking down a street", "agreement", "people is"],
    ["Two men in hats is talking.", "agreement", "two men in hats is"],
    ["A man and a woman is sitting.", "agreement", "a man and a woman is"],
    ["a dog have a ball", "agreement", "a dog have"],
    ["There is two dogs in a field", "agreement", "there is two dogs"],
    ["There are a dog on a bed", "agreement", "there are a dog"],
    ["a woman and woman are smiling", "repetition", "woman and woman"],
    ["A dog and a dog", "repetition", "dog and a dog"],
    ["a boy is playing in the water in a water", "repetition", "water in a water"],
    ["a car next to a car", "repetition", "car next to a car"],
    ["a man man is standing", "repetition", "man man"],
    ["a bowl of apples and a a banana", "repetition", "a a"],
    ["A apples on a table", "determiner", "a apples on"],
    ["a elephant is walking", "determiner", "a elephant is"],
    ["an man in a hat", "determiner", "an man in"],
    ["a men standing outside", "determiner", "a men standing"],
    ["two dog playing in the snow", "determiner", "two dog playing"],
    ["a the man", "determiner", "a the man"],
    ["a man is standing on a", "unfinished", "on a"],
    ["a bowl of food with", "unfinished", "of food with"],
    ["a man and", "unfinished", "a man and"],
  ])("finds the fault of %j", (caption, kind, words) => {
    const found = captionFaults(caption).filter((fault) => fault.kind === kind);
    expect(found.map((fault) => fault.words.endsWith(words))).toEqual([true]);
  });

  test.each([
    "A group of people are sitting at a table.",
    "A group of people is sitting at a table.",
    "A couple are dancing.",
    "A man and his dog are running.",
    "A black and white dog is running.",
    "Two dogs are running, and a man is watching.",
    "A man watches as two dogs are playing.",
    "A woman who is sitting with children that are laughing.",
    "three kids on a swing, one is upside down",
    "a bird that does not have a nest",
    "There are a lot of people in the street.",
    "There is a dog and two cats on a bed.",
    "A train on a train track",
    "A bike in a bike race.",
    "a man in a red shirt and a man in a blue shirt",
    "people walking side by side over and over",
    "a woman in a yellow and yellow shirt",
    "An hour with a unicorn, a European and an MP3 player, in an historic town on a one way street",
    "a bus on a ledge with glasses",
    "a sports car next to a tennis player",
    "two man tents and two horse carriages",
    "a herd of sheep in a field",
    "a boy with a hat on",
    "A man looks on.",
    "",
  ])("finds no fault in %j", (caption) => {
    expect(captionFaults(caption)).toEqual([]);
  });
});
