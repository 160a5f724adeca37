import "./learn.css";
import { useEffect, useRef } from "react";
import { useText } from "../../i18n/index.ts";
import { TabPage } from "../../kit/tab-page.tsx";
import { useHash } from "../../routing.ts";
import { FigurePage } from "./figure-page.tsx";
import { figureNames, isFigureName } from "./figures.ts";

/** The road from the vanilla network to the Transformer, a figure a step. */
export default function LearnTab() {
  const { learn } = useText();
  const [hash] = useHash();
  const [tab, name = ""] = hash.split("/");
  const shown = tab === "learn" && isFigureName(name) ? name : "unrolled-network";
  const current = useRef<HTMLAnchorElement>(null);
  // On a narrow screen, the road is a row that scrolls.
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [shown]);
  return (
    <TabPage title={learn.title} lead={learn.lead}>
      <div className="learn-columns">
        <nav aria-label={learn.figures}>
          <ol className="road">
            {figureNames.map((each, i) => (
              <li key={each}>
                <a
                  href={`#/learn/${each}`}
                  ref={each === shown ? current : undefined}
                  aria-current={each === shown ? "step" : undefined}
                >
                  <span className="number">{i + 1}</span>
                  {learn.about[each].title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <FigurePage key={shown} name={shown} />
      </div>
    </TabPage>
  );
}
