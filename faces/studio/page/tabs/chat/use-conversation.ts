import type { Chat, ChatEvents, ChatPhoto, Reply } from "@attend/serve/schemas";
import { useRef, useState } from "react";
import { ApiError, ask, askJson, formOf } from "../../api/client.ts";
import { streamOf } from "../../api/events.ts";
import { useTask } from "../../kit/use-task.ts";

/** What one side said. A bot's text grows until its reply is there. */
export type Entry =
  | { readonly who: "user"; readonly text: string }
  | { readonly who: "bot"; readonly text: string; readonly reply?: Reply }
  | { readonly who: "photo"; readonly name: string; readonly address: string };

export interface Conversation {
  readonly chat: Chat | undefined;
  readonly entries: readonly Entry[];
  /** What goes on now. */
  readonly doing: "teaching" | "looking" | "answering" | undefined;
  readonly error: unknown;
  say(text: string): void;
  /** Makes a bot of a FAQ, and starts a conversation with it. */
  teach(faq: File): void;
  /** Questions are about the photo from now on. */
  show(photo: File): void;
  cancel(): void;
  /** Forgets the conversation, and keeps the bot unless it is gone. */
  restart(): void;
}

export function useConversation(): Conversation {
  const [chat, setChat] = useState<Chat>();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [doing, setDoing] = useState<Conversation["doing"]>();
  const started = useRef<Chat>(undefined);
  const task = useTask<void>();

  const begin = (made: Chat | undefined) => {
    const before = started.current;
    if (before) void ask(`chats/${before.id}`, { method: "DELETE" }).catch(() => undefined);
    started.current = made;
    setChat(made);
    setEntries([]);
  };
  const start = async (signal: AbortSignal): Promise<Chat> => {
    if (started.current) return started.current;
    const made = await askJson<Chat>("chats", { body: {}, signal });
    started.current = made;
    setChat(made);
    return made;
  };
  const add = (entry: Entry) => setEntries((before) => [...before, entry]);
  const grow = (change: (text: string) => Entry) =>
    setEntries((before) => {
      const last = before.at(-1);
      return last?.who === "bot"
        ? [...before.slice(0, -1), change(last.text)]
        : [...before, change("")];
    });

  return {
    chat,
    entries,
    doing: task.isRunning ? doing : undefined,
    error: task.error,
    cancel: task.cancel,
    restart: () => {
      task.clear();
      begin(undefined);
    },
    say: (text) => {
      setDoing("answering");
      add({ who: "user", text });
      task.run(async (signal) => {
        const { id } = await start(signal);
        const events = streamOf<ChatEvents>(`chats/${id}/messages`, { body: { text }, signal });
        let isAnswered = false;
        for await (const { event, data } of events) {
          isAnswered = event === "answer";
          grow((before) =>
            event === "answer"
              ? { who: "bot", text: data.answer, reply: data }
              : { who: "bot", text: before + data.text },
          );
        }
        if (!isAnswered) throw new ApiError("the answer broke off", 0);
      });
    },
    teach: (faq) => {
      setDoing("teaching");
      task.run(async (signal) => {
        begin(await askJson<Chat>("chats", { body: formOf({ faq }), signal }));
      });
    },
    show: (photo) => {
      setDoing("looking");
      task.run(async (signal) => {
        const { id } = await start(signal);
        await askJson<ChatPhoto>(`chats/${id}/photo`, { body: formOf({ image: photo }), signal });
        add({ who: "photo", name: photo.name, address: URL.createObjectURL(photo) });
      });
    },
  };
}
