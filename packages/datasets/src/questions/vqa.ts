import { parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { LeftOut } from "../notes.ts";
import { TextFile } from "../text-files/text-file.ts";
import { imageNamer } from "./image-name.ts";
import { type RawRow, type RowSource, tidied } from "./rows.ts";

const idSchema = z.union([z.number(), z.string()]).transform(String);
const questionsSchema = z.object({
  /** `train2014`, `val2014`, `test2015`, `test-dev2015` */
  data_subtype: z.string().optional(),
  questions: z.array(z.unknown()),
});
const questionSchema = z.object({
  image_id: idSchema,
  question: z.string(),
  question_id: idSchema,
});
const annotationsSchema = z.object({ annotations: z.array(z.unknown()) });
const annotationSchema = z.object({
  question_id: idSchema,
  answers: z.array(z.object({ answer: z.string() })),
  question_type: z.string().optional(),
  answer_type: z.string().optional(),
});

/**
 * VQA's questions and their annotations, ten answers each (Antol et al. 2015; Goyal et al. 2017).
 *
 * @param annotations absent if answers are optional: those of VQA's tests are not published
 * @param imagePattern by default that of COCO's photos, `COCO_val2014_{id:12}.jpg`
 */
export async function vqaSource(
  questions: TextFile,
  annotations: string | undefined,
  imagePattern: string | undefined,
): Promise<RowSource> {
  const document = await documentOf(questions, questionsSchema, "questions");
  const subtype = (document.data_subtype ?? "val2014").replace("test-dev", "test");
  const imageOf = imageNamer(imagePattern ?? `COCO_${subtype}_{id:12}.jpg`);
  const leftOut = new LeftOut(questions.file, "question");
  const warnings: string[] = [];
  const answered =
    annotations === undefined ? undefined : await annotationsById(annotations, warnings);
  const rowOf = (value: unknown, index: number): RawRow[] => {
    const line = index + 1;
    const question = questionSchema.safeParse(value).data;
    if (question === undefined) {
      const what = "no image_id, question or question_id";
      leftOut.add(line, { what, remedy: "is it a file of questions?" });
      return [];
    }
    const annotation = answered?.get(question.question_id);
    if (annotations !== undefined && annotation === undefined) {
      const what = `no annotation in ${annotations}`;
      leftOut.add(line, { what, remedy: "give the annotations of these questions" });
      return [];
    }
    const { answers = [], question_type: questionType, answer_type: answerType } = annotation ?? {};
    return [
      {
        image: imageOf(question.image_id),
        question: question.question,
        answers: tidied(answers.map(({ answer }) => answer)),
        ...(questionType !== undefined && { questionType }),
        ...(answerType !== undefined && { answerType }),
        line,
      },
    ];
  };
  function* rows(): Generator<RawRow> {
    for (const [index, value] of document.questions.entries()) yield* rowOf(value, index);
  }
  return { unit: "question", rows: rows(), leftOut, warnings };
}

async function annotationsById(file: string, warnings: string[]) {
  const text = await TextFile.open(file, "annotations");
  try {
    const { annotations } = await documentOf(text, annotationsSchema, "annotations");
    const byId = new Map<string, z.infer<typeof annotationSchema>>();
    const leftOut = new LeftOut(text.file, "annotation");
    for (const [index, value] of annotations.entries()) {
      const annotation = annotationSchema.safeParse(value).data;
      if (annotation !== undefined) byId.set(annotation.question_id, annotation);
      else {
        const what = "no question_id or answers";
        leftOut.add(index + 1, { what, remedy: "is it a file of annotations?" });
      }
    }
    warnings.push(...leftOut.warnings(byId.size), ...text.warnings);
    return byId;
  } finally {
    await text.close();
  }
}

async function documentOf<Schema extends z.ZodType>(
  text: TextFile,
  schema: Schema,
  content: string,
): Promise<z.infer<Schema>> {
  const parsed = schema.safeParse(parseJson(await text.all(), text.file, "BAD_DATA"));
  if (parsed.success) return parsed.data;
  const message = `${text.file} has no list "${content}"; give the ${content} of VQA v2 as JSON`;
  throw new AttendError("BAD_DATA", message);
}
