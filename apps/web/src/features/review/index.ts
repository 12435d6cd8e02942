export { foldReviewEvents } from "./ui/live/fold-review-events.ts";
export { ReviewPage } from "./ui/review-page.tsx";
export { VerdictJournalProvider } from "./ui/verdict/verdict-journal-provider.tsx";
