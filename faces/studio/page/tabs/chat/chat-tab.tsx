import "./chat.css";
import { maxLengths } from "@attend/serve/inputs";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button, DropZone, FileTrigger } from "react-aria-components";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Notice } from "../../kit/notice.tsx";
import { TabPage } from "../../kit/tab-page.tsx";
import { droppedFile } from "../../kit/upload.tsx";
import { EntryItem } from "./entry-item.tsx";
import { useConversation } from "./use-conversation.ts";

const faqTypes = [".csv", ".tsv", ".jsonl", ".md", ".txt"];

/** A conversation with a bot: the shipped one, or one that a FAQ has become. */
export default function ChatTab() {
  const text = useText();
  const { chat, entries, doing, error, ...conversation } = useConversation();
  const [words, setWords] = useState("");
  const end = useRef<HTMLDivElement>(null);
  // It scrolls when something is said.
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [entries]);

  const take = (file: File | null | undefined) => {
    if (!file) return;
    if (file.type.startsWith("image/")) conversation.show(file);
    else conversation.teach(file);
  };
  const replies = entries.flatMap((entry) => (entry.who === "bot" && entry.reply) || []);
  const notes = [...(chat?.taught?.warnings ?? []), replies.at(-1)?.advice ?? ""];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() === "" || doing) return;
    conversation.say(words.trim());
    setWords("");
  };

  return (
    <TabPage title={text.chat.title} lead={text.chat.lead}>
      <DropZone
        className="card conversation"
        aria-label={text.chat.drop}
        onDrop={(event) => void droppedFile(event).then(take)}
      >
        <div className="buttons bot">
          <p>
            <strong>{chat ? text.chat.kind[chat.kind] : text.chat.shipped}</strong>{" "}
            <span className="muted small">
              {chat?.taught && text.chat.taught(chat.taught.answers, chat.taught.questions)}
            </span>
          </p>
          <FileTrigger acceptedFileTypes={faqTypes} onSelect={(files) => take(files?.[0])}>
            <Button className="button">{text.chat.faq}</Button>
          </FileTrigger>
          {(entries.length > 0 || chat) && (
            <Button className="button plain" onPress={conversation.restart}>
              {text.chat.restart}
            </Button>
          )}
        </div>
        {notes.filter(Boolean).map((note) => (
          <p key={note} className="muted small">
            {note}
          </p>
        ))}
        <ol className="entries" aria-live="polite" aria-label={text.chat.conversation}>
          {entries.length === 0 && <li className="muted hint">{text.chat.hint}</li>}
          {entries.map((entry, i) => (
            <EntryItem key={i} entry={entry} />
          ))}
        </ol>
        {doing && <Busy label={text.chat.doing[doing]} onCancel={conversation.cancel} />}
        <Notice error={error} onRetry={conversation.retry} />
        <div ref={end} />
        <form className="ask" onSubmit={submit}>
          <FileTrigger acceptedFileTypes={["image/*"]} onSelect={(files) => take(files?.[0])}>
            <Button className="button">{text.chat.photo}</Button>
          </FileTrigger>
          <input
            className="input"
            aria-label={text.chat.message}
            placeholder={text.chat.message}
            value={words}
            maxLength={maxLengths.message}
            onChange={({ target }) => setWords(target.value)}
          />
          <Button className="button primary" type="submit" isDisabled={words.trim() === ""}>
            {text.chat.send}
          </Button>
        </form>
      </DropZone>
    </TabPage>
  );
}
