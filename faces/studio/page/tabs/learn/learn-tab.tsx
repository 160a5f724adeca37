import { useText } from "../../i18n/index.ts";
import { TabPage } from "../../kit/tab-page.tsx";

export default function LearnTab() {
  const text = useText();
  return (
    <TabPage title={text.learn.title} lead={text.learn.lead}>
      {null}
    </TabPage>
  );
}
