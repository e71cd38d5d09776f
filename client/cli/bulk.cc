#include "client/cli/bulk.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/charts/number_text.h"
#include "client/cpp/status.h"

namespace canvass::cli {

BulkRun::BulkRun(Session& session, std::string what, std::vector<std::string> files)
    : session_(session),
      what_(std::move(what)),
      files_(std::move(files)),
      start_(session.Now()),
      line_([&session](absl::string_view text) { session.out().Tell(text); },
            {.live = session.out().terminal().stderr_is_terminal, .style = session.out().terminal().err}) {
  session_.BePatient();
}

void BulkRun::Refuse(const v1::Problem& problem, const Locations& locations) {
  ++refused_;
  const absl::Status status = client::FromProblem(problem);
  const std::string reason = client::Reason(status);
  if (problem.violations().empty()) {
    session_.out().Note(absl::StrCat(locations.Find(""), ": ", problem.message(), " (", reason, ")"));
  }
  for (const client::Violation& violation : client::Violations(status)) {
    session_.out().Note(absl::StrCat(locations.Find(violation.field), ": ", violation.field, ": ",
                                     violation.description, " (", reason, ")"));
  }
}

void BulkRun::RefuseLocally(const absl::Status& status) {
  ++refused_;
  for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) session_.out().Note(line);
}

void BulkRun::Show(bool last) {
  const absl::Time now = session_.Now();
  const charts::Progress progress = {.label = what_, .done = accepted_ + refused_, .elapsed = now - start_};
  last ? line_.Finish(progress) : line_.Update(progress, now);
}

absl::Status BulkRun::Summary() const {
  if (refused_ == 0) return absl::OkStatus();
  return PartlyDone(absl::StrCat(charts::CountText(refused_), " of ", charts::CountText(accepted_ + refused_), " ",
                                 what_, " were refused, see above; the others are stored"));
}

}  // namespace canvass::cli
