/**
 * The English function words of METEOR 1.5. A match of function words weighs less than a match of
 * content words. They are the words that make up at least 0.1% of a large corpus (Denkowski & Lavie
 * 2011, 2014).
 *
 * Source: `resources/function/english.words` of METEOR 1.5 (Carnegie Mellon University; the program is
 * under LGPL 2.1), in alphabetical order; see ../NOTICE and docs/decisions/0003-meteor-function-words.md.
 */
export const functionWords: ReadonlySet<string> = new Set(
  (
    "\" $ ' 's 't ( ) , - -- -lrb- -rrb- . : ? a about after all also an and are as at be been " +
    "but by can could first for from had has have he her his i if in into is it its last more new " +
    "no not of on one or other out over people s said she so some than that the their there they " +
    "this time to two up was we were what when which who will with would year years you — ’ “ ”"
  ).split(" "),
);
