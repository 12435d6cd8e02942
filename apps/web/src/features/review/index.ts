export { foldReviewEvents } from "./ui/fold-review-events.ts";
export { ReviewPage } from "./ui/review-page.tsx";
export { VerdictJournalProvider } from "./ui/verdict-journal-provider.tsx";
