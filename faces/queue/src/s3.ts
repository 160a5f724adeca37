import { extname } from "node:path";
import { AttendError, messageOf } from "@attend/runtime/errors";
import type { S3Client } from "@aws-sdk/client-s3";

/** `s3://bucket/key`. */
function partsOf(address: string): { readonly Bucket: string; readonly key: string } {
  const [, Bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.*)$/i.exec(address) ?? [];
  if (Bucket !== "") return { Bucket, key };
  throw new AttendError("BAD_ARGUMENT", `${address} names no bucket; give s3://bucket/name`);
}

let opened: Promise<{
  readonly sdk: typeof import("@aws-sdk/client-s3");
  readonly client: S3Client;
}>;

/** The storage that the environment names (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, ...), AWS's by default. */
function storage(): typeof opened {
  opened ??= import("@aws-sdk/client-s3").then(
    (sdk) => {
      const isOther = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
      // Others than AWS seldom have a host for each bucket.
      const client = new sdk.S3Client({ forcePathStyle: isOther !== undefined });
      return { sdk, client };
    },
    (cause: unknown) => {
      const message = "s3: addresses need the package @aws-sdk/client-s3; install it";
      throw new AttendError("READ_FAILED", message, { cause });
    },
  );
  return opened;
}

/** The bytes of an object. @throws AttendError READ_FAILED */
export async function openObject(address: string): Promise<AsyncIterable<Uint8Array>> {
  const { Bucket, key } = partsOf(address);
  const { sdk, client } = await storage();
  const { Body } = await asked(
    address,
    client.send(new sdk.GetObjectCommand({ Bucket, Key: key })),
  );
  if (Body !== undefined && Symbol.asyncIterator in Body) return Body;
  throw new AttendError("READ_FAILED", `cannot read ${address}: it has no content`);
}

/**
 * The addresses of the objects whose names start as an address tells, sorted, a page in memory at a time.
 *
 * @param extensions in lower case, of which they must have one
 * @throws AttendError READ_FAILED; FILE_NOT_FOUND if there are none
 */
export async function* objectsBelow(
  address: string,
  extensions: readonly string[],
): AsyncGenerator<string> {
  const { Bucket, key: Prefix } = partsOf(address);
  const { sdk, client } = await storage();
  let isEmpty = true;
  const pages = sdk.paginateListObjectsV2({ client }, { Bucket, Prefix });
  for (;;) {
    const { value: page } = await asked(address, pages.next());
    if (page === undefined) break;
    for (const { Key = "" } of page.Contents ?? []) {
      if (!extensions.includes(extname(Key).toLowerCase())) continue;
      isEmpty = false;
      yield `s3://${Bucket}/${Key}`;
    }
  }
  if (!isEmpty) return;
  const message = `${address} holds nothing that ends in ${extensions.join(", ")}`;
  throw new AttendError("FILE_NOT_FOUND", message);
}

async function asked<Answer>(address: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    const reason = messageOf(thrown) || (thrown instanceof Error ? thrown.name : "no reason");
    const remedy = "check its name, AWS_ENDPOINT_URL, AWS_REGION and the keys";
    const message = `cannot read ${address}: ${reason}; ${remedy}`;
    throw new AttendError("READ_FAILED", message, { cause: thrown });
  }
}
