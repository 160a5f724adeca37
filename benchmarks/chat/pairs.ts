import type { FaqPair } from "@attend/retrieval";
import { createRandom } from "@attend/runtime/random";

const verbs = "order,cancel,change,return,pay for,insure,repair,track,share,rename,print,export";
const things =
  "ticket,parcel,card,account,password,invoice,photo,room,table,car,subscription,refund,contract,key,map,course,meal,phone,lamp,printer";
const places = "online,by phone,at the desk,from abroad,on Sundays,for a friend,without a receipt";

/** As many different questions, each with an answer of its own; the same for the same count. */
export function madePairs(count: number): FaqPair[] {
  const random = createRandom(1);
  const pick = (list: string) => {
    const items = list.split(",");
    return items[random.integer(items.length)] ?? "";
  };
  return Array.from({ length: count }, (_, i) => ({
    questions: [`How do I ${pick(verbs)} my ${pick(things)} number ${i} ${pick(places)}?`],
    answer: `Page ${i} tells how to ${pick(verbs)} a ${pick(things)} ${pick(places)}.`,
  }));
}

/** What is asked, in other words than those of the pairs. */
export const asked: readonly string[] = [
  "can I get my money back for the parcel",
  "I lost my card, what now?",
  "is it possible to pay for a room with a phone?",
  "How do I print the invoice of my subscription on Sundays?",
  "where do I change the name on a ticket",
  "please cancel the table that I ordered by phone",
  "what is the capital of Peru?",
  "my printer does not work, can you repair it at the desk",
];
