import { useText } from "../../i18n/index.ts";
import { Chance } from "../../kit/chance.tsx";
import { CodeText } from "./code-text.tsx";
import type { Entry } from "./use-conversation.ts";

/** What one side said; for a reply, also how sure the bot is and where it has it from. */
export function EntryItem({ entry }: { entry: Entry }) {
  const text = useText();
  if (entry.who === "photo") {
    return (
      <li className="entry user">
        <img src={entry.address} alt={text.photo.alt(entry.name)} />
      </li>
    );
  }
  const reply = entry.who === "bot" ? entry.reply : undefined;
  const { source } = reply ?? {};
  return (
    <li className={`entry ${entry.who}`}>
      <span className="unseen">{entry.who === "user" ? text.chat.you : text.chat.bot}</span>
      <p>
        <CodeText text={entry.text} />
      </p>
      {reply && !reply.isFact && (
        <div className="buttons about">
          <Chance value={reply.confidence} />
          {!reply.confident && <span className="muted small">{text.chat.unsure}</span>}
          {source && (
            <details className="small">
              <summary>{text.chat.source}</summary>
              <p>{source.text}</p>
              {source.file && (
                <p className="muted">
                  {source.file}
                  {source.line !== undefined && `:${source.line}`}
                </p>
              )}
              <p className="muted">{reply.why}</p>
            </details>
          )}
        </div>
      )}
    </li>
  );
}
